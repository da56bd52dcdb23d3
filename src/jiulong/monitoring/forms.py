"""Forms of monitoring's pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

#: A screenful or two; longer reports belong into the case.
NOTE_LENGTH = 2000


class AcknowledgeForm(forms.Form):
    """What somebody says to a finding."""

    note = forms.CharField(
        label=_("Note"), max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        help_text=_("What you know of it, and what happens next."),
    )  # fmt: skip
