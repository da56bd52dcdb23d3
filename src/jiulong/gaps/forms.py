"""Forms of the pages of gaps."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Ask a logger for what is missing, now."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
