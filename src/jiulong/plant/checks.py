"""What `jiulong verify` asks of parameter filings: are they as they were filed and reviewed?"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jiulong.evidence import verifying
from jiulong.evidence.verifying import Checked
from jiulong.plant.models import ParameterFiling

SUBJECT = "plant.parameterfiling"


def register() -> None:
    """Have `jiulong verify` look at filings and their reviews."""
    verifying.register("filings", _("Parameter filings"), filings)
    verifying.register("filing_reviews", _("Reviews of filings"), reviews)


def filings() -> Checked:
    """Each filing against its event."""
    return verifying.as_told(
        "file_parameters", ParameterFiling.objects.order_by("id").iterator(),
        lambda row, told: (
            (row.values, row.reason, row.valid_from)
            == (told["values"], told["reason"], datetime.fromisoformat(told["valid_from"]))
        ),
        subject=SUBJECT,
    )  # fmt: skip


def reviews() -> Checked:
    """Each review against its event."""
    rows = ParameterFiling.objects.exclude(state=ParameterFiling.State.FILED).order_by("id")
    return verifying.as_told(
        "review_filing", rows.iterator(),
        lambda row, told: (row.state, row.note) == (told["state"], told["note"]), subject=SUBJECT,
    )  # fmt: skip
