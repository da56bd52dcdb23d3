"""The demo's samples: one in every state, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jiulong.gateway.models import Command
from jiulong.sampling import demo, life
from jiulong.sampling.models import Bottle, Sample, Sampler
from jiulong.sampling.views.acting import captured
from tests.almighty import altered
from tests.factories import NOW, make_limit
from tests.sampling.world import make_world

pytestmark = pytest.mark.django_db


def test_it_shows_every_state_and_sends_nothing() -> None:
    world = make_world(bottles=24)
    make_limit(world.sampler.point, "w01018", "50")
    assert demo.furnish(NOW) == len(demo.STORIES)
    states = set(Sample.objects.values_list("state", flat=True))
    assert states == {story.upto for story in demo.STORIES}
    assert states >= {life.ASKED, life.UNKNOWN, life.FILLED, life.SEALED, life.DISPOSED}
    assert not Command.objects.filter(state__in=["queued", "sent"]).exists()
    assert Sample.objects.get(state=life.DISPOSED).results.count() == 1
    assert Sampler.objects.get().places.get(position=1).state == Bottle.State.FREE
    assert demo.furnish(NOW + timedelta(days=1)) == 0
    assert altered() == "", "what was invented is as its events tell, too"


def test_without_people_nobody_handles_anything() -> None:
    world = make_world()
    for user in (world.second, world.lab):
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert demo.furnish(NOW) == 0


@pytest.mark.parametrize("text", ["", "{", "{}", "7", '[{"sha256": "x"}]', "[" * 5000])
def test_what_no_camera_told_is_left_out(text: Any) -> None:
    assert captured(text) == {}


def test_what_a_camera_told_is_taken_by_its_place() -> None:
    digest = "ab" * 32
    told = captured(f'[null, {{"sha256": "{digest}", "longitude": 117.6}}]')
    assert (list(told), told[1].sha256, told[1].longitude) == ([1], digest, 117.6)
