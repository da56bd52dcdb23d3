"""What must be true of the fields of a project, whoever sets them and when."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.projects.models import Project


def check(project: Project) -> None:
    """What the fields allow, and what must fit together.

    Raises:
        ValidationError: by field.
    """
    wrong: dict[str, list[Any]] = {}
    try:
        project.full_clean(validate_constraints=False)
    except ValidationError as error:
        wrong = dict(error.message_dict)
    pairs = (
        ("planned_finish_on", "planned_start_on", _("That is before the start.")),
        ("land_needed_mu", "land_delivered_mu", _("More land is delivered than needed.")),
        ("demolition_m2", "demolished_m2", _("More is demolished than planned.")),
        ("bond_approved", "bond_used", _("More is used than approved.")),
    )
    for most, least, told in pairs:
        high, low = getattr(project, most), getattr(project, least)
        if high is not None and low is not None and not {most, least} & set(wrong) and high < low:
            wrong[most] = [told]
    if wrong:
        raise ValidationError(wrong)
