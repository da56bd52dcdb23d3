"""The loop bar, the small map and the web command's helpers."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.utils import translation

from jiulong.cases.queries import Overview
from jiulong.desk import loop, minimap
from jiulong.desk.management.commands import web
from jiulong.organisation.models import Unit, User
from tests import factories


def counts(**changed: Any) -> loop.Counts:
    given = {"live": 0, "late": 0, "offline": 0, "serious": 0, "warning": 0, "information": 0}
    return loop.Counts(**(given | changed))


def station(name: str, of: loop.Counts) -> loop.Segment:
    return next(one for one in loop.segments(of) if one.name == name)


def test_it_turns_amber_or_cinnabar_when_something_is_in_it() -> None:
    with translation.override("en"):
        seen = [
            (one.state, one.count + one.unit, one.word)
            for one in (
                station("observe", counts(live=3)),
                station("observe", counts(live=3, late=1)),
                station("observe", counts(live=3, late=1, offline=2)),
                station("find", counts(live=1)),
                station("find", counts(information=1)),
                station("find", counts(warning=2, information=1)),
                station("find", counts(serious=1, warning=2)),
            )
        ]
    assert seen == [
        ("calm", "3/3", "live"),
        ("near", "3/4", "1 late"),
        ("over", "3/6", "2 offline"),
        ("calm", "0", "nothing open"),
        ("calm", "1", "open"),
        ("near", "3", "open"),
        ("over", "3", "1 serious"),
    ]


def test_it_tells_how_many_targets_are_on_course() -> None:
    with translation.override("en"):
        seen = [
            (one.state, one.count + one.unit, one.word)
            for one in (
                station("aim", counts()),
                station("aim", counts(aim=loop.Aim(13, 13, 0, 0))),
                station("aim", counts(aim=loop.Aim(13, 11, 2, 0))),
                station("aim", counts(aim=loop.Aim(13, 9, 3, 1))),
            )
        ]
    assert seen == [
        ("idle", "", "nothing for you"),
        ("calm", "13/13", "on course"),
        ("near", "11/13", "2 behind"),
        ("over", "9/13", "1 far behind"),
    ]


def test_it_tells_ones_own_rank_or_how_many_groups_there_are() -> None:
    with translation.override("en"):
        seen = [
            (one.state, one.count + one.unit, one.word)
            for one in (
                station("rank", counts()),
                station("rank", counts(rank=loop.Rank("/s/", 3, 12, 1))),
                station("rank", counts(rank=loop.Rank("/s/", 12, 12, -2))),
                station("rank", counts(rank=loop.Rank("/s/", 5, 12, 0))),
                station("rank", counts(rank=loop.Rank("/s/", groups=3))),
                station("rank", counts(rank=loop.Rank("/s/", groups=3, objections=2))),
            )
        ]
    assert seen == [
        ("idle", "", "nothing for you"),
        ("calm", "3/12", "▲1"),
        ("near", "12/12", "▼2"),
        ("calm", "5/12", "as before"),
        ("calm", "3 groups", "ranked"),
        ("near", "3 groups", "2 objections"),
    ]


def test_it_shows_no_cases_to_whom_they_are_no_business() -> None:
    with translation.override("en"):
        words = {one.name: one.word for one in loop.segments(counts())}
    assert [words[name] for name in ("assign", "resolve", "verify")] == ["nothing for you"] * 3


def test_it_counts_what_waits_runs_and_is_to_be_checked() -> None:
    calm = counts(cases=Overview(filed=9, running=41, replied=7))
    near = counts(cases=Overview(running=41, due_today=6))
    over = counts(
        cases=Overview(
            filed=9, filed_late=2, running=41, due_today=6, running_late=3, replied=7,
            replied_late=1,
        )
    )  # fmt: skip
    with translation.override("en"):
        seen = [
            (one.name, one.state, one.count, one.word)
            for of in (calm, near, over)
            for one in loop.segments(of)
            if one.name in {"assign", "resolve", "verify"}
        ]
    assert seen == [
        ("assign", "calm", "9", "waiting"),
        ("resolve", "calm", "41", "running"),
        ("verify", "calm", "7", "to be checked"),
        ("assign", "calm", "0", "nothing waits"),
        ("resolve", "near", "41", "6 due today"),
        ("verify", "calm", "0", "nothing waits"),
        ("assign", "over", "9", "2 overdue"),
        ("resolve", "over", "41", "3 overdue"),
        ("verify", "over", "7", "1 overdue"),
    ]


@pytest.mark.django_db
def test_it_counts_only_what_the_viewer_may_see() -> None:
    ours, theirs = (factories.make_unit(Unit.Kind.ENTERPRISE) for _ in range(2))
    point = factories.make_point(unit=ours)
    factories.make_point(unit=theirs)
    factories.make_finding(point, severity="serious")
    seen = {
        name: loop.count(viewer, factories.NOW, loop.Slow())
        for name, viewer in (
            ("officer", factories.make_user(User.Role.OFFICER)),
            ("owner", factories.make_user(User.Role.ENTERPRISE, ours)),
            ("sibling", factories.make_user(User.Role.ENTERPRISE, theirs)),
        )
    }
    assert seen == {
        "officer": counts(offline=2, serious=1, cases=Overview(), unseen=1),
        "owner": counts(offline=1, serious=1, cases=Overview(), unseen=1),
        "sibling": counts(offline=1, cases=Overview()),
    }


@pytest.mark.django_db
def test_it_asks_the_database_again_only_after_a_while(django_assert_num_queries) -> None:
    viewer = factories.make_user(User.Role.OBSERVER)
    now = [100.0]
    with django_assert_num_queries(6):
        loop.recent(viewer, lambda: now[0])
        now[0] += loop.FRESH_S - 0.1
        loop.recent(viewer, lambda: now[0])
    now[0] += 0.2
    with django_assert_num_queries(3):  # targets and places are known for a minute
        loop.recent(viewer, lambda: now[0])
    now[0] += loop.SLOW_S
    with django_assert_num_queries(6):
        loop.recent(viewer, lambda: now[0])


def test_it_keeps_the_district_inside_its_frame_and_wrong_things_on_top() -> None:
    base = minimap.base()
    row = {"enterprise": "E", "name": "P", "longitude": 117.6, "latitude": 24.55}
    drawn = minimap.spots(
        [row | {"code": "a", "light": "cinnabar"}, row | {"code": "b", "light": "jade"}]
    )
    assert [(spot.code, spot.title) for spot in drawn] == [("b", "E P"), ("a", "E P")]
    assert all(0 <= spot.x <= minimap.WIDTH and 0 <= spot.y <= base.frame.height for spot in drawn)
    assert len(base.streets) == 12
    assert len(base.rivers) == 2


def test_it_names_the_streets_in_the_readers_language() -> None:
    label = minimap.base().labels[0]
    with translation.override("en"):
        english = label.text
    with translation.override("zh-hans"):
        chinese = label.text
    assert (english, chinese) == (label.en, label.zh)


def test_it_notices_whether_anything_answers() -> None:
    port = web.free_port("127.0.0.1")
    assert web.answers("127.0.0.1", port, within_s=0.05) is False
    with socket.create_server(("127.0.0.1", port)):
        pass
