"""What the filters of an account's rows offer: what the account itself names."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.gaps.models import Gap
from jiulong.monitoring.judgements import rules
from jiulong.pages.filters import Choice, Options
from jiulong.reports.drill import SPECIAL, YES, YES_NO
from jiulong.reports.models import Report
from jiulong.reports.scope import Scope
from jiulong.reports.sections.data import REASONS
from jiulong.sampling.models import Sample

LABELS: Final[dict[str, str | Promise]] = {
    "point": _("Point"),
    "enterprise": _("Enterprise"),
    "factor": _("Factor"),
    "valid": pgettext_lazy("account", "Effective"),
    "over": _("Over the limit"),
    "special": pgettext_lazy("account", "Special"),
    "reason": _("Reason"),
    "kind": pgettext_lazy("account", "Class"),
    "closed": pgettext_lazy("account", "Closed"),
    "trigger": pgettext_lazy("account", "Cause"),
    "taken": _("Bottles filled"),
    "analysed": pgettext_lazy("account", "Analysed"),
    "accepted": _("Accepted by the review"),
    "state": _("State"),
}


def filters(names: tuple[str, ...], report: Report, scope: Scope) -> list[Choice]:
    """The filters of those names for rows of this account."""
    return [Choice(name=n, label=LABELS[n], choices=_options(n, report, scope)) for n in names]


def _options(name: str, report: Report, scope: Scope) -> Options:
    fixed: dict[str, Any] = {
        "valid": YES_NO, "closed": YES_NO, "accepted": [("no", _("No"))], "over": YES,
        "taken": YES, "analysed": YES, "special": SPECIAL, "reason": list(REASONS.items()),
        "trigger": Sample.Trigger.choices, "state": Gap.State.choices,
    }  # fmt: skip
    if name in fixed:
        options: Options = fixed[name]
        return options
    places = scope.places.values()
    if name == "point":
        return [(place.code, place.name) for place in places]
    if name == "enterprise":
        return sorted({(str(p.enterprise_id), p.enterprise) for p in places}, key=lambda p: p[1])
    if name == "kind":
        return sorted({(rule.kind, f"{rule.kind} {rule.name}") for rule in rules().values()})
    factors = report.content["sections"]["compliance"]["factors"]
    return [(row["code"], row["name"]) for row in factors]
