"""What a factor code means, in which unit it is stored, and its row in the database.

Loggers send some metals in µg/L or ng/L (HJ 212-2017 table B.1), limits are in mg/L: concentrations
by mass are stored in mg/L. The codes of 2005 name the same substances, but always in mg/L, so an
old code leads to the new factor with a scale of its own. Totals come in kg, g or mg in step with
the concentration, so that one scale serves both.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

import hj212
from jiulong.monitoring.models import Factor

#: Systems (ST) whose three-digit codes are those of water. Air and noise have others.
WATER_SYSTEMS: Final = frozenset({"", "21", "24", "26", "32", "33", "34", "52"})
CODE_LENGTH_MAX: Final = 40
ONE: Final = Decimal(1)


class Definition(NamedTuple):
    """A factor as it is stored, and what turns the value that was sent into the stored one."""

    code: str
    name: str
    name_en: str
    unit: str
    scale: Decimal  # of the factor's own (2017) code
    sent_scale: Decimal  # of the code that was sent


def definition(sent: str, *, water: bool = True) -> Definition:
    """The factor behind a code as sent: any letter case, with channel mark (`w00000#2`) or none.

    `water` says whether the codes of 2005 are those of water. An unknown code stands for itself.
    """
    plain, mark, channel = sent.partition("#")
    found = hj212.factor(plain)
    if found is None or (found.code in hj212.FACTORS_2005 and not water):
        return Definition(sent, "", "", "", ONE, ONE)
    new = _by_old_code(found.code) or found
    code = plain.casefold() if new.code[:1] == "e" else new.code  # `e30112` keeps its unit number
    scale, sent_scale = new.to_mg_per_l or ONE, found.to_mg_per_l or ONE
    unit = new.unit if new.to_mg_per_l is None else hj212.factors.MG
    suffix = f" {mark}{channel}" if mark else ""
    return Definition(
        code + mark + channel, new.zh + suffix, new.en + suffix, unit, scale, sent_scale
    )


def _by_old_code(code: str) -> hj212.Factor | None:
    return next((f for f in hj212.FACTORS.values() if f.old_code and f.old_code == code), None)


def columns_of(known: Definition) -> dict[str, Any]:
    """The columns of a factor's row."""
    return {
        "code": known.code,
        "name": known.name[:60],
        "name_en": known.name_en[:60],
        "unit": known.unit,
        "scale": known.scale,
    }


def factor_of(code: str) -> Factor:
    """The row of a factor, made if there is none yet."""
    columns = columns_of(definition(code))
    return Factor.objects.get_or_create(code=columns.pop("code"), defaults=columns)[0]


def seed_factors(**_signal: object) -> None:
    """Give every factor of table B.1 its row. Runs after each migration.

    The sequence is set behind the highest id first: ids are `smallint` and must not be wasted.
    """
    if "monitoring_factor" not in connection.introspection.table_names():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE monitoring_factor IN SHARE ROW EXCLUSIVE MODE")
        known = set(Factor.objects.values_list("code", flat=True))
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('monitoring_factor', 'id'),"
            " (SELECT coalesce(max(id), 0) + 1 FROM monitoring_factor), false)"
        )
        Factor.objects.bulk_create(
            Factor(**columns_of(definition(code))) for code in hj212.FACTORS if code not in known
        )
