"""Sheets of enterprises: rows become enterprises with a unit of their own, or change one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Act, record_events
from jiulong.organisation.models import Unit, User
from jiulong.packs.text import Text
from jiulong.registers import searching, values
from jiulong.registers.actions.enterprises import check_credit_code
from jiulong.registers.columns import SheetColumn
from jiulong.registers.importing.targets import BATCH, Given, Outcome
from jiulong.registers.models import Enterprise
from jiulong.registers.references import AllReferences

COLUMNS: Final = [
    SheetColumn("credit_code", Text("统一社会信用代码", "Unified social credit code")),
    SheetColumn("name", Text("企业名称", "Name")),
    SheetColumn("trade", Text("行业", "Trade")),
    SheetColumn("street", Text("街镇", "Street or town")),
    SheetColumn("longitude", Text("经度", "Longitude")),
    SheetColumn("latitude", Text("纬度", "Latitude")),
    SheetColumn("address", Text("地址", "Address")),
]
CHANGED: Final = ["name", "trade", "street", "longitude", "latitude", "address", "initials"]
NAME_MAX: Final = 120


class EnterpriseTarget:
    """Rows become enterprises, or change those whose credit code they bear."""

    key = "credit_code"

    def __init__(self, user: User) -> None:
        self.user = user
        self.columns = list(COLUMNS)
        self._references = AllReferences()
        self._units = {unit.code: unit for unit in Unit.objects.exclude(kind="enterprise")}
        self._known: dict[str, Enterprise] = {}
        trades = Enterprise.Trade
        self._trades = {str(word): trade.value for trade in trades
                        for word in (trade.value, trade.label)}  # fmt: skip

    def load(self, keys: Sequence[str], *, lock: bool) -> None:
        rows = Enterprise.objects.filter(credit_code__in=[key.upper() for key in keys])
        rows = rows.select_for_update(of=("self",)) if lock else rows
        self._known = {row.credit_code: row for row in rows.select_related("street", "unit")}

    def row(self, given: Given, now: datetime) -> Outcome:  # noqa: ARG002 - as every target
        code = values.plain(given.get(self.key) or "").replace(" ", "").upper()
        check_credit_code(code)
        known = self._known.get(code)
        firm = known or Enterprise(credit_code=code)
        before = _state(firm) if known else {}
        wrong: dict[str, list[str]] = {}
        self._fill(firm, given, wrong)
        if wrong:
            raise ValidationError(wrong)
        firm.initials = searching.initials(firm.name)[:120]
        if known is None:
            return Outcome("add", firm, {})
        after = _state(firm)
        changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        return Outcome("change" if changes else "same", firm, changes)

    def _fill(self, firm: Enterprise, given: Given, wrong: dict[str, list[str]]) -> None:
        name = " ".join(values.plain(given.get("name") or "").split())
        firm.name = name or firm.name
        if not firm.name or len(firm.name) > NAME_MAX:
            wrong["name"] = [_("a name of at most %(most)d characters") % {"most": NAME_MAX}]
        if word := values.plain(given.get("trade") or ""):
            if word not in self._trades:
                known = "、".join(str(label) for label in Enterprise.Trade.labels)
                told = _("“%(text)s” is none of: %(known)s") % {"text": word, "known": known}
                wrong["trade"] = [told]
            firm.trade = self._trades.get(word, firm.trade)
        firm.trade = firm.trade or Enterprise.Trade.OTHER
        if word := values.plain(given.get("street") or ""):
            found = self._references.unit(word)
            firm.street = self._units.get(found[0]) if found else None
            if firm.street is None:
                told = _("there is no single unit “%(text)s”")
                wrong["street"] = [told % {"text": word[:40]}]
        self._place(firm, given, wrong)

    def _place(self, firm: Enterprise, given: Given, wrong: dict[str, list[str]]) -> None:
        pair = [given.get("longitude"), given.get("latitude")]
        if any(not values.empty(one) for one in pair):
            try:
                found = values.place(pair)
            except ValueError as error:
                wrong["longitude"] = [str(error)]
                return
            firm.longitude, firm.latitude = found["longitude"], found["latitude"]
        if address := values.plain(given.get("address") or ""):
            firm.address = address[:200]

    def write(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        added = [one.thing for one in outcomes if one.kind == "add"]
        units = Unit.objects.bulk_create(
            [Unit(code=firm.credit_code, name=firm.name, kind=Unit.Kind.ENTERPRISE)
             for firm in added], batch_size=BATCH,
        )  # fmt: skip
        for firm, unit in zip(added, units, strict=True):
            firm.unit = unit
        Enterprise.objects.bulk_create(added, batch_size=BATCH)
        changed = [one for one in outcomes if one.kind == "change"]
        Enterprise.objects.bulk_update([one.thing for one in changed], CHANGED, batch_size=BATCH)
        renamed = [one.thing for one in changed if "name" in one.changes]
        for firm in renamed:
            firm.unit.name = firm.name
        Unit.objects.bulk_update([firm.unit for firm in renamed], ["name"], batch_size=BATCH)
        acts = [Act(actor=self.user, verb="create_enterprise", subject=firm, at=now,
                    data={"name": firm.name, "credit_code": firm.credit_code,
                          "trade": firm.trade}) for firm in added]  # fmt: skip
        acts += [Act(actor=self.user, verb="update_enterprise", subject=one.thing, at=now,
                     data={"changes": one.changes}) for one in changed]  # fmt: skip
        record_events(acts)


def _state(firm: Enterprise) -> dict[str, Any]:
    return {
        "name": firm.name, "trade": str(firm.trade), "longitude": firm.longitude,
        "latitude": firm.latitude, "address": firm.address,
        "street": firm.street.code if firm.street else None,
    }  # fmt: skip
