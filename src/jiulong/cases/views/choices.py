"""Choices of filters: matters, units, streets, stages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.cases import queries
from jiulong.cases.lifecycle import STAGES
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer
from jiulong.packs import text
from jiulong.pages.filters import Options

STAGE_CHOICES: Options = (
    ("open", _("All open")),
    *STAGES.items(),
    ("ended", _("All ended")),
)


def matter_choices(viewer: Viewer) -> Options:  # noqa: ARG001 - names of matters are no secret
    """Kinds of casework by code."""
    return [(code, text.show(name)) for code, name in queries.matter_names()]


def street_choices(viewer: Viewer) -> Options:  # noqa: ARG001
    """Streets and towns by code."""
    return list(queries.units([Unit.Kind.STREET, Unit.Kind.ZONE]).values_list("code", "name"))


def unit_choices(viewer: Viewer) -> Options:  # noqa: ARG001
    """Units that lead cases or dispatch them: all but grids and enterprises."""
    kinds = [Unit.Kind.DISTRICT, Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ZONE]
    return list(queries.units(kinds).values_list("code", "name"))
