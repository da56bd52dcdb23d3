"""Filed parameters: who files, who confirms, and what is held against them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from jiulong.evidence.models import Event
from jiulong.monitoring.models import Factor, Finding
from jiulong.plant import actions, queries
from jiulong.plant.models import ParameterFiling, ReportedParameter
from tests.almighty import almighty, altered
from tests.factories import make_factor, make_unit, make_user
from tests.people import People, make_people
from tests.plant.conftest import Logger, at, findings, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def factor() -> Factor:
    return make_factor()


def file(
    people: People, factor: Factor, hours: float = 0, who: str = "owner", **fields: Any
) -> ParameterFiling:
    given: dict[str, Any] = {
        "values": {"i13008": "1.02", "i13007": "0"}, "valid_from": at(hours), "reason": "校准后",
    }  # fmt: skip
    return actions.file_parameters(
        actor=getattr(people, who), point=people.point, factor=factor, now=at(hours),
        **{**given, **fields},
    )  # fmt: skip


def confirm(people: People, filing: ParameterFiling, now: datetime) -> ParameterFiling:
    return actions.review_filing(actor=people.officer, filing=filing, confirm=True, now=now)


def test_what_is_filed_counts_once_it_is_confirmed(
    people: People, factor: Factor, logger: Logger
) -> None:
    """A change of the slope is found, and over when it was filed and confirmed."""
    confirm(people, file(people, factor), at(1))
    logger.tells(people.point, at(2), i13008="1.020", i13007="0.0")
    look(3)
    assert findings("parameter_change") == []  # the same number, written longer
    logger.tells(people.point, at(4), i13008="1.15")
    look(5)
    (found,) = Finding.objects.filter(rule="parameter_change")
    assert (found.started_at, found.ended_at, found.factor) == (at(4), None, factor)
    assert found.detail["parameters"] == {
        "i13008": {
            "filed": "1.02", "reported": "1.15", "since": at(4).isoformat(), "frame": "2/0",
        }
    }  # fmt: skip
    new = file(people, factor, 6, values={"i13008": "1.15"})
    look(7)
    assert findings("parameter_change") == [(at(4), None)]  # filed is not confirmed
    confirm(people, new, at(8))
    assert findings("parameter_change") == [(at(4), at(8))]
    (analyser,) = queries.parameters(people.owner, people.point, at(9))
    filed = {row.info: row.filed for row in analyser.rows}
    assert filed == {"i13008": Decimal("1.15"), "i13007": Decimal(0)}  # the older one still holds


def test_it_is_over_when_the_instrument_is_set_back(
    people: People, factor: Factor, logger: Logger
) -> None:
    confirm(people, file(people, factor), at(1))
    for hour, slope in ((4, "1.15"), (5, "1.2"), (9, "1.02"), (12, "1.15")):
        logger.tells(people.point, at(hour), i13008=slope)
        look(hour + 0.5)
    assert findings("parameter_change") == [(at(4), at(9.5)), (at(12), None)]


def test_what_was_never_filed_is_no_finding(people: People, logger: Logger) -> None:
    logger.tells(people.point, at(4), i13008="1.15")
    look(5)
    assert findings("parameter_change") == []
    assert queries.parameters(people.owner, people.point)[0].rows[0].state == "near"


def test_a_filing_holds_from_its_time_on(people: People, factor: Factor, logger: Logger) -> None:
    later = file(people, factor, valid_from=at(48))
    confirm(people, later, at(1))
    logger.tells(people.point, at(2), i13008="1.15")
    look(3)
    assert findings("parameter_change") == []
    logger.tells(people.point, at(50), i13008="1.15")
    look(51)
    assert findings("parameter_change") == [(at(48), None)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"values": {}}, None),
        ({"values": {"i13008": "about 1"}}, "i13008"),
        ({"values": {"i99999": "1"}}, "i99999"),
        ({"valid_from": at(-24 * 8)}, "valid_from"),
        ({"valid_from": at(24 * 91)}, "valid_from"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_it_says_what_is_wrong_with_a_filing(
    people: People, factor: Factor, fields: dict[str, Any], wrong: str | None
) -> None:
    with pytest.raises(ValidationError) as error:
        file(people, factor, **fields)
    assert (wrong is None) or wrong in error.value.message_dict
    assert not ParameterFiling.objects.exists()


def test_only_those_file_whose_instrument_it_is(people: People, factor: Factor) -> None:
    firm = make_unit(name="运维公司")
    operator = make_user("operator", firm)
    for who in ("sibling", "officer", "observer", "administrator"):
        with pytest.raises(PermissionDenied):
            file(people, factor, who=who)
    with pytest.raises(PermissionDenied):
        actions.file_parameters(
            actor=operator, point=people.point, factor=factor, values={"i13008": "1"},
            valid_from=at(0), reason="x", now=at(0),
        )  # fmt: skip
    people.point.operator = firm
    people.point.save()
    filed = actions.file_parameters(
        actor=operator, point=people.point, factor=factor, values={"i13008": "1"},
        valid_from=at(0), reason="x", now=at(0),
    )  # fmt: skip
    assert filed.filed_by == operator
    assert Event.objects.get(verb="file_parameters").data["values"] == {"i13008": "1"}


def test_a_filing_is_reviewed_once_by_another(people: People, factor: Factor) -> None:
    filing = file(people, factor)
    for who in ("owner", "sibling", "observer"):
        with pytest.raises(PermissionDenied):
            actions.review_filing(actor=getattr(people, who), filing=filing, confirm=True)
    with pytest.raises(ValidationError):
        actions.review_filing(actor=people.officer, filing=filing, confirm=False)
    done = actions.review_filing(
        actor=people.officer, filing=filing, confirm=False, note="与铭牌不符", now=at(1)
    )
    assert (done.state, done.note, done.reviewed_by) == ("rejected", "与铭牌不符", people.officer)
    with pytest.raises(ValidationError):
        confirm(people, filing, at(2))
    assert Event.objects.filter(verb="review_filing").count() == 1


def test_nobody_confirms_what_they_filed_themselves(people: People, factor: Factor) -> None:
    filing = ParameterFiling.objects.create(
        point=people.point, factor=factor, values={"i13008": "1"}, valid_from=at(0), reason="校准",
        filed_by=people.officer, filed_at=at(0),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        confirm(people, filing, at(1))


def test_what_was_filed_or_reported_stays_in_the_database(
    people: People, factor: Factor, logger: Logger
) -> None:
    waiting, filing = file(people, factor), file(people, factor, 1)
    confirm(people, filing, at(2))
    logger.tells(people.point, at(3), i13008="1.15")
    look(4)
    filings = ParameterFiling.objects
    attempts: list[Callable[[], object]] = [
        lambda: filings.update(values={"i13008": "1.15"}),
        lambda: filings.filter(pk=waiting.pk).update(state="confirmed"),  # nobody's name to it
        lambda: filings.filter(pk=filing.pk).update(state="rejected"),
        lambda: filings.filter(pk=filing.pk).update(note="later"),
        filings.filter(pk=waiting.pk).delete,
        lambda: ReportedParameter.objects.update(text="1.02"),
        ReportedParameter.objects.all().delete,
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"append-only|filled before"), transaction.atomic():
            attempt()
    assert altered() == ""
    with almighty("plant_parameterfiling"):
        filings.filter(pk=filing.pk).update(values={"i13008": "1.15"})
    assert str(filing) in altered()


def test_its_history_tells_who_and_what(people: People, factor: Factor, logger: Logger) -> None:
    confirm(people, file(people, factor), at(1))
    for hour, slope in ((2, "1.02"), (4, "1.15")):
        logger.tells(people.point, at(hour), i13008=slope)
    look(5)
    told = [
        (one.at, bool(one.who), one.info, one.before, one.text)
        for one in queries.changes(people.officer, people.point)
    ]
    assert told == [
        (at(4), False, "i13008", "1.02", "1.15"),
        (at(2), False, "i13008", "", "1.02"),
        (at(0), True, "i13007", "", "0"),
        (at(0), True, "i13008", "", "1.02"),
    ]
    assert queries.changes(people.sibling, people.point) == []
    only = queries.changes(people.officer, people.point, at(3), at(3) + timedelta(hours=2))
    assert [one.text for one in only] == ["1.15"]
