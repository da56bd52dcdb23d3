"""What triggers read of findings: each once, in whatever order they are committed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from jiulong.evidence.locks import Lock
from jiulong.monitoring.casework import MonitoringFindings
from tests.factories import make_finding, make_point


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
