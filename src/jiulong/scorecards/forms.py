"""Forms of targets and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiulong.pages.forms import Blaming
from jiulong.scorecards import checking
from jiulong.scorecards.models import Target


class NumberField(forms.CharField):
    """A number as people type it: full-width signs and thousands' commas are understood."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=40, **given)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Decimal | None:
        try:
            return checking.number(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(_("Enter a number.")) from error


class TargetForm(Blaming):
    """A target changed by hand."""

    value = NumberField(label=_("Target"))
    tolerance = forms.ChoiceField(label=_("Tolerance"), choices=Target.Tolerance.choices)
    words = forms.CharField(label=_("As it was published"), max_length=200, required=False)
    reason = forms.CharField(label=_("Why it changes"), max_length=300, required=False)


class SplitForm(Blaming):
    """Why the parts differ, and why they change; the parts are fields of their own."""

    gap_reason = forms.CharField(
        label=_("Why the parts do not add up to the target"), max_length=300, required=False
    )
    reason = forms.CharField(label=_("Why targets change"), max_length=300, required=False)


class RevisionForm(Blaming):
    """A corrected value."""

    value = NumberField(label=_("Corrected value"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The value that stood stays on record beside the new one."),
    )  # fmt: skip
    final = forms.BooleanField(
        label=_("This is the final value of the yearly account"), required=False
    )
