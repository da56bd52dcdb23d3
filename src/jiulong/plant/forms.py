"""Forms of the pages of plants and rivers. What is allowed stands in `actions`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Factor, Outfall
from jiulong.monitoring.words import factor_name
from jiulong.pages.forms import Blaming
from jiulong.plant import codes, water_class
from jiulong.plant.models import PlantUnit, Stage, WaterClass


class UnitForm(Blaming):
    """What a code of a logger stands for."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("As the logger sends it."))
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=PlantUnit.Kind.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices, initial=Stage.PROCESS)
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=999, initial=50)
    must_run = forms.BooleanField(label=_("Must run while water flows"), required=False)
    off_minutes = forms.IntegerField(
        label=_("May stand still, minutes"), min_value=1, max_value=1440, initial=120
    )


class FilingForm(Blaming):
    """The parameters of an analyser."""

    factor = forms.ModelChoiceField(
        label=_("Factor"), queryset=Factor.objects.none(), to_field_name="code"
    )
    valid_from = forms.DateTimeField(
        label=_("Holds from"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)

    def __init__(self, factors: list[Factor], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["factor"]
        field.queryset = Factor.objects.filter(pk__in=[one.pk for one in factors])  # type: ignore[attr-defined]
        field.label_from_instance = factor_name  # type: ignore[attr-defined]
        for info, label in codes.FILED.items():
            self.fields[info] = forms.CharField(label=str(label), required=False, max_length=30)

    @property
    def values(self) -> dict[str, str]:
        """The numbers that were entered."""
        return {info: self.cleaned_data[info] for info in codes.FILED if self.cleaned_data[info]}


class ReviewForm(forms.Form):
    """Confirm or reject a filing."""

    confirm = forms.ChoiceField(choices=[("yes", _("Confirm")), ("no", _("Reject"))])
    note = forms.CharField(required=False, max_length=400)


class SectionForm(Blaming):
    """A section of a river. The river is made with its first section."""

    river = forms.SlugField(label=_("Code of the river"), max_length=40)
    river_name = forms.CharField(label=_("River"), max_length=60, required=False)
    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=60)
    km = forms.DecimalField(label=_("Kilometre down the river"), max_digits=7, decimal_places=2)
    target = forms.TypedChoiceField(label=_("Target"), choices=WaterClass.choices[:5], coerce=int)
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180
    )
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def section(self) -> dict[str, Any]:
        """The cleaned fields as `actions.set_section` takes them."""
        told = dict(self.cleaned_data)
        longitude, latitude = told.pop("longitude"), told.pop("latitude")
        given = longitude is not None and latitude is not None
        return {**told, "place": (longitude, latitude) if given else None}


class PlaceForm(forms.Form):
    """Where along the river an outfall lies."""

    outfall = forms.ModelChoiceField(
        label=_("Outfall"), queryset=Outfall.objects.select_related("enterprise"),
        to_field_name="code",
    )  # fmt: skip
    km = forms.DecimalField(label=_("Kilometre down the river"), max_digits=7, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outfall"].label_from_instance = _outfall_label  # type: ignore[attr-defined]


def _outfall_label(outfall: Outfall) -> str:
    return f"{outfall.enterprise.name} {outfall.name} ({outfall.code})"


#: Factors of the form of a section, in the order of monthly reports; others come by the API.
ENTERED = ("w01001", "w01009", "w01019", "w01018", "w01017", "w21003", "w21011", "w21001")


class MeasurementForm(Blaming):
    """What was measured at a section."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Report or station"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.code: one for one in Factor.objects.filter(code__in=ENTERED)}
        for code in ENTERED:
            if code in known:
                label = f"{factor_name(known[code])} {known[code].unit}".strip()
                hint = "" if code in water_class.FACTORS else _("no part of the class of a river")
                self.fields[code] = forms.CharField(
                    label=label, required=False, max_length=20, help_text=hint
                )

    @property
    def values(self) -> dict[str, str]:
        """The numbers that were entered, by factor."""
        return {code: self.cleaned_data.get(code, "") for code in ENTERED}
