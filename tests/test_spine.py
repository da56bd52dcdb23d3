"""The embedded database carries the schema."""

import pytest
from django.db import connection

from jiulong.monitoring.models import Reading


@pytest.mark.django_db
def test_it_has_checksums_and_an_append_only_journal() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_checksums")
        assert cursor.fetchone() == ("on",)
    assert list(Reading.objects.all()) == []
