"""The cases of an entry, an enterprise and a finding, for those who may see them."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from jiulong.cases import actions, panels, queries
from jiulong.cases.models import Opened, TriggerRule
from tests.cases.matters import make_district, make_matter
from tests.factories import NOW, make_enterprise

pytestmark = pytest.mark.django_db


def test_an_enterprise_has_its_cases_on_its_page() -> None:
    district = make_district()
    firm = make_enterprise()
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(enterprise="optional"), title="用电问题",
        enterprise=firm, now=NOW,
    )  # fmt: skip
    assert list(queries.about_enterprise(district.supervisor, firm)) == [case]
    assert list(queries.about_enterprise(district.sibling, firm)) == []
    request = RequestFactory().get("/")
    request.user = district.supervisor
    assert "用电问题" in panels.of_enterprise(request, firm)
    request.user = district.sibling
    assert "用电问题" not in panels.of_enterprise(request, firm)


def test_a_finding_has_the_cases_it_opened_or_joined() -> None:
    district = make_district()
    case = actions.file_case(
        actor=None, matter=make_matter(), title="超标", source="monitoring", source_ref="P1/over",
        now=NOW,
    )  # fmt: skip
    TriggerRule.objects.create(code="test.over", pack="test", spec={})
    Opened.objects.create(trigger="test.over", reference="17", case=case, at=NOW)
    found = {
        (who, source, number): list(
            queries.about_finding(getattr(district, who), source, number)
        )
        for who, source, number in (
            ("supervisor", "monitoring", 17), ("supervisor", "monitoring", 18),
            ("supervisor", "integrity", 17), ("sibling", "monitoring", 17),
        )
    }  # fmt: skip
    assert list(found.values()) == [[case], [], [], []]
