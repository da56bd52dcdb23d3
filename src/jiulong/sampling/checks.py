"""What `jiulong verify` asks of samples: orders, seals and results as their events tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.evidence import verifying
from jiulong.evidence.models import Event
from jiulong.evidence.verifying import Checked
from jiulong.sampling.actions.laboratory import told_of
from jiulong.sampling.models import Result, Sample

SUBJECT: Final = "sampling.sample"
#: As the columns keep them; events have what was entered.
PLACES: Final = Decimal("0.000001")
NUMBERS: Final = frozenset({"value", "online", "allowed"})


def register() -> None:
    """Have `jiulong verify` look at samples and their results."""
    verifying.register("samples", _("Samples"), orders)
    verifying.register("sample_seals", _("Seals of samples"), seals)
    verifying.register("sample_results", _("Results of samples"), results)


def orders() -> Checked:
    """Each sample as it was ordered."""
    rows = Sample.objects.select_related("point", "rule").order_by("id")
    return verifying.as_told("order_sample", rows.iterator(), _as_ordered, subject=SUBJECT)


def _as_ordered(row: Sample, told: Mapping[str, Any]) -> bool:
    facts = {
        "number": row.number, "point": row.point.code, "trigger": row.trigger,
        "purpose": row.purpose, "reason": row.reason, "factors": row.factors,
        "finding": row.finding_id, "rule": row.rule.code if row.rule else None,
        "draw": row.draw_id,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None} == told


def seals() -> Checked:
    """Each seal as it was put on."""
    rows = Sample.objects.exclude(seal_number="").order_by("id")
    return verifying.as_told(
        "seal_sample", rows.iterator(),
        lambda row, told: (row.seal_number, row.witness) == (told["seal_number"], told["witness"]),
        subject=SUBJECT,
    )  # fmt: skip


def results() -> Checked:
    """Each result as the laboratory entered it; a sample has several."""
    events = Event.objects.filter(verb="enter_result", subject=SUBJECT)
    told = {
        (int(sample), data["factor"], data.get("duplicate", False)): data
        for sample, data in events.values_list("subject_id", "data")
    }
    count = 0
    for row in Result.objects.select_related("sample", "factor").order_by("id").iterator():
        data = told.pop((row.sample_id, row.factor.code, row.duplicate), None)
        if data is None or not _same(told_of(row), data):
            place = {"sample": row.sample.number, "factor": row.factor.code}
            return Checked(count, _t("%(sample)s %(factor)s: not as its event tells") % place)
        count += 1
    for sample, factor, _duplicate in told:
        place = {"sample": Sample.objects.get(pk=sample).number, "factor": factor}
        return Checked(count, _t("%(sample)s %(factor)s: it is gone") % place)
    return Checked(count)


def _same(found: Mapping[str, object], told: Mapping[str, Any]) -> bool:
    return _plain(found) == _plain(told)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as the columns keep them, times as moments."""
    plain = dict(facts)
    for name in NUMBERS & plain.keys():
        plain[name] = Decimal(plain[name]).quantize(PLACES)
    plain["analysed_at"] = datetime.fromisoformat(plain["analysed_at"])
    return plain
