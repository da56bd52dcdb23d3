"""What forms share."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError


class Blaming(forms.Form):
    """A form that shows an action's refusal at the fields it names."""

    def blame(self, error: ValidationError) -> None:
        """Put each message at its field; what has no field here, above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
