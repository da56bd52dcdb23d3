"""A notice for each person, queued for outside where they want it."""

from __future__ import annotations

import pytest
from django.db import connection

from jiulong.cases.models import Notice, NoticeChoice
from jiulong.cases.notices import tell
from tests.cases.notices.case import make_case
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


def test_it_tells_each_active_person_once() -> None:
    anna, bo, gone = make_user(), make_user(), make_user(is_active=False)
    case = make_case()
    tell([anna, bo, anna, gone], case, "assigned", {"by": "Chen"}, NOW)
    rows = Notice.objects.order_by("user").values_list(
        "user", "case", "kind", "data", "at", "read_at", "send_at"
    )
    assert list(rows) == [
        (person.pk, case.pk, "assigned", {"by": "Chen"}, NOW, None, None) for person in (anna, bo)
    ]


def test_it_queues_for_outside_what_the_person_chose_only() -> None:
    wants, other_kind, nowhere = make_user(), make_user(), make_user()
    NoticeChoice.objects.create(user=wants, mail="a@example.org", kinds=["assigned"])
    NoticeChoice.objects.create(user=other_kind, mail="b@example.org", kinds=["closed"])
    NoticeChoice.objects.create(user=nowhere, kinds=["assigned"])
    tell([wants, other_kind, nowhere], None, "assigned", {}, NOW)
    assert dict(Notice.objects.values_list("user", "send_at")) == {
        wants.pk: NOW, other_kind.pk: None, nowhere.pk: None,
    }  # fmt: skip


def test_it_costs_the_same_however_many_are_told(django_assert_num_queries) -> None:
    people = [make_user() for _ in range(20)]
    with django_assert_num_queries(5):  # choices, savepoint, notices, notify, release
        tell(people, None, "closed", {}, NOW)
    with django_assert_num_queries(0):
        tell([], None, "closed", {}, NOW)


@pytest.mark.django_db(transaction=True)
def test_it_tells_the_open_pages_whom_it_concerns() -> None:
    user = make_user()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN notices")
    tell([user], None, "closed", {}, NOW)
    heard = next(connection.connection.notifies(timeout=5, stop_after=1))
    assert (heard.channel, heard.payload) == ("notices", f'{{"points":[{user.pk}]}}')
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN notices")
