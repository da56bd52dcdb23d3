"""What actions of projects share."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ChangedMeanwhileError(ValidationError):
    """Somebody else changed it since it was read: look again, nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this meanwhile. Look again; nothing was overwritten."),
            code="changed",
        )
