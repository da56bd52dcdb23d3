"""Forms of monitoring's pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hj212.factors import MG, TO_MG_PER_L
from jiulong.monitoring.models import OUTLETS, Factor, Standard, Statistic
from jiulong.monitoring.queries.limits import factors_to_limit
from jiulong.monitoring.words import chinese, factor_name
from jiulong.pages.forms import Blaming

#: A screenful or two; longer reports belong into the case.
NOTE_LENGTH = 2000
CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
#: The units limits are written in; a pure number (pH) has none.
UNITS = [*((unit, unit) for unit in TO_MG_PER_L), ("", _("a pure number"))]


class AcknowledgeForm(forms.Form):
    """What somebody says to a finding."""

    note = forms.CharField(
        label=_("Note"), max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        help_text=_("What you know of it, and what happens next."),
    )  # fmt: skip


class FactorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A factor by its name."""

    def __init__(self, **also: Any) -> None:
        super().__init__(
            queryset=factors_to_limit(), label=_("Factor"), to_field_name="code",
            widget=forms.Select(attrs=SELECT), **also,
        )  # fmt: skip

    def label_from_instance(self, obj: Factor) -> str:
        return factor_name(obj)


class StandardField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A grade by its number and name."""

    def __init__(self, **also: Any) -> None:
        super().__init__(
            queryset=Standard.objects.filter(retired_at=None), label=_("Standard and grade"),
            to_field_name="code", widget=forms.Select(attrs=SELECT), **also,
        )  # fmt: skip

    def label_from_instance(self, obj: Standard) -> str:
        words = obj.grade_title or {}
        grade = words.get("zh") if chinese() else words.get("en") or words.get("zh")
        return f"{obj.number} {grade or obj.grade}"


def _day(label: Any, **also: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={**CONTROL, "type": "date"}), **also
    )


def _number(label: Any, **also: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={**CONTROL, "step": "any", "inputmode": "decimal"})
    return forms.DecimalField(label=label, widget=widget, **also)


class LimitForm(Blaming):
    """What a permit says of one factor."""

    factor = FactorField()
    statistic = forms.ChoiceField(
        label=_("Statistic"), choices=Statistic.choices, initial=Statistic.DAY,
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    minimum = _number(_("Minimum"), required=False)
    maximum = _number(_("Maximum"), required=False)
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=UNITS,
        initial=MG,
        required=False,
        widget=forms.Select(attrs=SELECT),
    )
    valid_from = _day(_("From day"))
    valid_to = _day(_("Last day"), required=False)
    source = forms.CharField(
        label=_("Source"), max_length=200, widget=forms.TextInput(attrs=CONTROL),
        help_text=_("Permit number, or standard and clause."),
    )  # fmt: skip


class StandardForm(Blaming):
    """Which grade of a standard a point is held to."""

    standard = StandardField()
    place = forms.ChoiceField(
        label=_("Place"), choices=OUTLETS,
        widget=forms.Select(attrs=SELECT),
        help_text=_("Toxic metals of class 1 are limited at the workshop outlet."),
    )  # fmt: skip
    valid_from = _day(_("From day"))
    valid_to = _day(_("Last day"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=forms.TextInput(attrs=CONTROL)
    )


class LoadForm(Blaming):
    """How much may leave an outfall in a year."""

    factor = FactorField()
    year = forms.IntegerField(label=_("Year"), widget=forms.NumberInput(attrs=CONTROL))
    tonnes = _number(_("Tonnes"), max_digits=14, decimal_places=6)
    source = forms.CharField(
        label=_("Source"), max_length=200, widget=forms.TextInput(attrs=CONTROL)
    )
