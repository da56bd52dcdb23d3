"""What judges look at: files by number, read by those who judge it, names of files kept away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from jiulong.evidence.models import Attachment
from jiulong.evidence.queries import attachment
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import Panel
from tests.scorecards.standings.scene import PERIOD, Scene, make_scene
from tests.scorecards.standings.test_pages import client_of

pytestmark = pytest.mark.django_db


def panel_of(scene: Scene, *, blind: bool) -> Panel:
    now = timezone.now()
    return contest.make_panel(
        actor=None, scheme=scene.scheme, criterion="visit", period=PERIOD, blind=blind,
        closes_at=now + timedelta(days=1), group="north", now=now,
        judges=[scene.office, scene.observer, scene.staff["d"]],
        subjects=[scene.subjects["a"], scene.subjects["b"]],
    )  # fmt: skip


def sees(user: Any, one: Attachment) -> bool:
    try:
        attachment(user, one.pk)
    except Attachment.DoesNotExist:
        return False
    return True


def test_who_judges_a_number_reads_its_files_and_no_name_of_theirs() -> None:
    scene = make_scene()
    panel = panel_of(scene, blind=True)
    task = panel.assignments.filter(judge=scene.staff["d"]).order_by("alias")[0]
    files = [("甲街道总结.txt", b"one"), ("b.txt", b"two")]
    made = contest.add_material(actor=scene.second, panel=panel, alias=task.alias, files=files)
    assert [one.name for one in made] == [f"{task.alias}-1.txt", f"{task.alias}-2.txt"]
    readers = (scene.observer, scene.office, scene.second, scene.staff["c"], scene.staff["a"])
    assert [sees(user, made[0]) for user in readers] == [True, True, True, False, False]
    client = client_of(scene.staff["d"])
    other = panel.assignments.filter(judge=scene.staff["d"]).order_by("alias")[1]
    shown = [
        client.get(reverse("scorecards:judge", args=[one.pk])).content.decode()
        for one in (task, other)
    ]
    assert [made[0].name in page for page in shown] == [True, False]
    contest.declare_conflict(actor=scene.staff["d"], assignment=task, reason="kin")
    assert not sees(scene.staff["d"], made[0])


def test_who_judges_adds_nothing_and_a_closed_panel_takes_nothing() -> None:
    scene = make_scene()
    panel = panel_of(scene, blind=False)
    alias, files = "01", [("a.txt", b"one")]
    for actor in (scene.office, scene.observer, scene.staff["a"]):  # a judge, and no right
        with pytest.raises(PermissionDenied):
            contest.add_material(actor=actor, panel=panel, alias=alias, files=files)
    for wrong in ({"alias": "99", "files": files}, {"alias": alias, "files": []}):
        with pytest.raises(ValidationError):
            contest.add_material(actor=scene.second, panel=panel, **wrong)  # type: ignore[arg-type]
    client = client_of(scene.second)
    address = reverse("scorecards:panel_material", args=[panel.pk])
    given = {"alias": alias, "material": SimpleUploadedFile("a.txt", b"one")}
    client.post(address, given)
    assert [one.name for one in Attachment.objects.all()] == ["a.txt"]
    client.post(address, {"alias": alias})
    contest.close_panel(actor=scene.second, panel=panel)
    with pytest.raises(contest.NotNowError):
        contest.add_material(actor=scene.second, panel=panel, alias=alias, files=files)
    assert Attachment.objects.count() == 1
