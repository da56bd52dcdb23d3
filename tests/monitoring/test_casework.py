"""What triggers read of findings: each once, in whatever order they are committed."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from jiulong.cases import actions, queries, triggers
from jiulong.cases.models import Case
from jiulong.evidence.locks import Lock
from jiulong.monitoring.casework import MonitoringFindings
from jiulong.monitoring.models import Finding
from jiulong.monitoring.raising import raise_finding, withdraw_finding
from tests.cases.matters import make_district, make_matter
from tests.cases.test_triggers import rule
from tests.factories import NOW, make_finding, make_point, make_user


@pytest.mark.django_db(transaction=True)
def test_it_reads_nothing_while_findings_are_written_and_holds_up_nobody(
    transactional_db: None,
) -> None:
    finding = make_finding(make_point())
    parameters = connection.get_connection_params()
    names = {"dbname", "user", "host", "port", "password"}
    given = {name: value for name, value in parameters.items() if name in names}
    with psycopg.connect(**given) as other:
        other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [int(Lock.FINDINGS)])
        assert MonitoringFindings().after(0, 9) == []
        other.rollback()
        with transaction.atomic():
            assert [one.id for one in MonitoringFindings().after(0, 9)] == [finding.pk]
            row = other.execute(
                "SELECT pg_try_advisory_xact_lock_shared(%s)", [int(Lock.FINDINGS)]
            ).fetchone()
            assert row == (True,)


@pytest.mark.django_db
def test_a_finding_that_stands_again_after_its_case_was_closed_opens_another() -> None:
    make_district()
    make_matter()
    rule(on="finding", key="t.f", source="monitoring", kinds=["door"], matter="test.matter")
    point, hour = make_point(), timedelta(hours=1)

    def opened() -> list[str]:
        while triggers.findings_step(NOW):
            pass
        return list(Case.objects.order_by("id").values_list("stage", flat=True))

    def found() -> Finding:
        return raise_finding(rule="door", point=point, started_at=NOW, ended_at=NOW, now=NOW + hour)

    finding = found()
    assert opened() == ["filed"]
    assert found() == finding
    assert opened() == ["filed"], "found again as it stood: nothing new"
    withdraw_finding(finding=finding, cause="upkeep.mark/1", now=NOW + hour)
    actions.withdraw_case(actor=None, case=Case.objects.get(), reason="标记", now=NOW + hour)
    assert opened() == ["withdrawn"]
    assert found().pk == finding.pk
    assert opened() == ["withdrawn", "filed"]
    withdraw_finding(finding=Finding.objects.get(), cause="upkeep.mark/2", now=NOW + hour)
    found()
    assert opened() == ["withdrawn", "filed"], "the open case takes it up"
    assert Case.objects.latest("id").findings == 2
    cases = queries.about_finding(make_user("supervisor"), "monitoring", finding.pk)
    assert len(cases) == 2
