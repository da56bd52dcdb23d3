"""What the fields of a project are called: in forms, on its page, in spreadsheets."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: Final[dict[str, Any]] = {
    "code": pgettext_lazy("of a project", "Number"),
    "national_code": _("National project code"),
    "name": pgettext_lazy("of a project", "Name"),
    "level": _("Project level"),
    "kind": pgettext_lazy("of a project", "Kind"),
    "industry": pgettext_lazy("of a project", "Industry"),
    "batch": pgettext_lazy("of a project", "Batch"),
    "stage": pgettext_lazy("of a project", "Stage"),
    "description": _("What is built"),
    "zone": pgettext_lazy("of a project", "Zone"),
    "lead_unit": _("Responsible unit"),
    "supervising_unit": _("Supervising unit"),
    "leader": _("Leader in charge"),
    "leader_post": _("Post of the leader in charge"),
    "contact_name": _("Contact"),
    "contact_phone": _("Telephone of the contact"),
    "total_investment": _("Total investment (10k yuan)"),
    "invested_before": _("Invested before this year's plans (10k yuan)"),
    "planned_start_on": _("Planned start"),
    "started_on": _("Started on"),
    "late_reason": _("Accepted reason of a late start"),
    "planned_finish_on": _("Planned completion"),
    "finished_on": _("Completed on"),
    "in_statistics_on": _("Entered in the statistics on"),
    "approved_on": _("Approved on"),
    "planning_permit_on": _("Planning permit of"),
    "land_permit_on": _("Land approved on"),
    "eia_on": _("Environmental approval of"),
    "construction_permit_on": _("Construction permit of"),
    "land_needed_mu": _("Land needed (mu)"),
    "land_delivered_mu": _("Land delivered (mu)"),
    "demolition_m2": _("To be demolished (m²)"),
    "demolished_m2": _("Demolished (m²)"),
    "bond_approved": _("Special bonds approved (10k yuan)"),
    "bond_used": _("Special bonds used (10k yuan)"),
    "longitude": _("Longitude"),
    "latitude": _("Latitude"),
    "address": _("Address"),
}
HINTS: Final[dict[str, Any]] = {
    "national_code": _("24 signs with hyphens, such as 2503-350602-04-01-123456"),
    "leader_post": _("Where the leader has no account"),
    "contact_phone": _("Shown masked; each reading is recorded"),
    "late_reason": _("With it a late start stays yellow"),
    "eased_because": _(
        "Where a project lags: later dates, smaller sums or another supervising unit wait for a "
        "second person, who reads this"
    ),
}
#: Fields of the form in groups, as its page sets them.
GROUPS: Final[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = (
    (pgettext_lazy("of a project", "What it is"), (
        "code", "national_code", "name", "level", "kind", "industry", "batch", "stage",
        "description",
    )),
    (_("Whose it is"), (
        "zone", "lead_unit", "supervising_unit", "leader", "leader_post", "contact_name",
        "contact_phone", "address", "longitude", "latitude",
    )),
    (_("Money and time"), (
        "total_investment", "invested_before", "planned_start_on", "planned_finish_on",
        "late_reason", "in_statistics_on", "eased_because",
    )),
    (_("Permits"), (
        "approved_on", "planning_permit_on", "land_permit_on", "eia_on", "construction_permit_on",
    )),
    (_("Land, demolition, bonds"), (
        "land_needed_mu", "land_delivered_mu", "demolition_m2", "demolished_m2", "bond_approved",
        "bond_used",
    )),
)  # fmt: skip
