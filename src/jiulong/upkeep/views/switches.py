"""The ways to look at the upkeep of stations: one menu entry leads to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from jiulong.pages.lists import ListPage, Switch

SWITCHES: Final = (
    Switch(label=_("Maintenance"), name="upkeep:maintenance", icon="settings"),
    Switch(label=_("Checks"), name="upkeep:checks", icon="shield-check"),
    Switch(label=_("Faults"), name="upkeep:faults", icon="alert-triangle"),
    Switch(label=_("Objections"), name="upkeep:objections", icon="inbox"),
)


class UpkeepList(ListPage):
    """One of them."""

    switches: ClassVar[Sequence[Switch]] = SWITCHES
    template_name = "upkeep/list.html"
