"""A district with one case on its way, and a browser for each of its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from jiulong.cases import actions
from jiulong.cases.models import Case, MatterType
from jiulong.organisation.models import User
from tests.cases.matters import District, make_district, make_matter

#: Monday 2026-03-09, ten in the morning in Zhangzhou.
MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)

Enter = Callable[[User], Client]


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def matter() -> MatterType:
    kinds = [{"key": "road", "label": {"zh": "道路", "en": "Road"}}]
    fix = {"key": "fix", "name": {"zh": "修复", "en": "Fix"}, "unit": "housing"}
    results = [{"key": "A", "name": {"zh": "已解决", "en": "Solved"}}]
    return make_matter(
        fields=[
            {"key": "kind", "type": "choice", "label": {"zh": "类别", "en": "Kind"},
             "required": True, "choices": kinds},
            {"key": "caller", "type": "person", "what": "phone", "label": "来电"},
        ],
        reply=[{"key": "cost", "type": "money", "label": {"zh": "费用", "en": "Cost"}}],
        tasks=[
            {"key": "look", "name": {"zh": "勘查", "en": "Look"}, "unit": "urban"},
            {**fix, "after": ["look"]},
        ],
        closing={"needs": ["photo_after"], "results": results},
        near={"metres": 100, "within": "30 days"},
        ledger=["number", "title", "kind", "caller", "lead", "due_at", "result"],
    )  # fmt: skip


@pytest.fixture
def case(district: District, matter: MatterType) -> Case:
    """In hand at the lead unit."""
    filed = actions.file_case(
        actor=district.dispatcher, matter=matter, title="路面破损", about="井盖旁",
        data={"kind": "road", "caller": "13812345678"}, place=(117.65, 24.51), now=MONDAY,
    )  # fmt: skip
    assigned = actions.assign_case(actor=district.dispatcher, case=filed, now=MONDAY)
    return actions.accept_case(actor=district.handler, case=assigned, now=MONDAY)


@pytest.fixture
def enter() -> Enter:
    """A client that is signed in, reading English."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(user)
        return client

    return sign_in
