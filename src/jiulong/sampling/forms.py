"""Forms of the sampling pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Factor
from jiulong.monitoring.words import factor_name
from jiulong.pages.forms import Blaming
from jiulong.sampling.models import Sample, Sampler
from jiulong.sampling.people import laboratories
from jiulong.sampling.words import CAUSE, LABORATORY


def ticked(kind: type[forms.Widget]) -> forms.Widget:
    """Boxes or buttons to tick, in our look."""
    return kind(attrs={"class": "form-check-input"})


class OrderForm(Blaming):
    """A sample ordered by a person."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Sample.Purpose.choices,
        help_text=_("A sample for enforcement is sent when a second person has confirmed it."),
    )  # fmt: skip
    trigger = forms.ChoiceField(
        label=CAUSE,
        choices=[
            (Sample.Trigger.HAND, Sample.Trigger.HAND.label),
            (Sample.Trigger.SUSPICION, Sample.Trigger.SUSPICION.label),
        ],
    )
    factors = forms.MultipleChoiceField(
        label=_("To be analysed"), widget=ticked(forms.CheckboxSelectMultiple), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, factors: list[Factor], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["factors"]
        field.choices = [(one.code, factor_name(one)) for one in factors]  # type: ignore[attr-defined]


class RejectForm(Blaming):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LookForm(Blaming):
    """What somebody saw after an answer was missing."""

    taken = forms.ChoiceField(
        label=_("What was seen"), widget=ticked(forms.RadioSelect),
        choices=[("no", _("No bottle was filled")), ("yes", _("A bottle was filled"))],
    )  # fmt: skip
    position = forms.IntegerField(
        label=_("Bottle"), required=False, min_value=1, max_value=99,
        help_text=_("Where it was filled and the number could be read."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Who looked, and what was seen"), max_length=200,
        help_text=_("For instance: the station's operator opened the cabinet at 10:20."),
    )  # fmt: skip

    def clean_taken(self) -> bool:
        return bool(self.cleaned_data["taken"] == "yes")


class PlaceForm(Blaming):
    position = forms.IntegerField(label=_("Bottle"), min_value=1, max_value=99)


class SealForm(Blaming):
    """The first officer's words at the cabinet."""

    seal_number = forms.CharField(label=_("Number of the seal"), max_length=40)
    certificate = forms.CharField(label=_("Number of your certificate"), max_length=40)
    witness = forms.ChoiceField(
        label=_("The enterprise"), choices=Sample.Witness.choices, widget=ticked(forms.RadioSelect),
        initial=Sample.Witness.PRESENT,
    )  # fmt: skip
    witness_name = forms.CharField(
        label=_("Name of who was present"), max_length=60, required=False
    )
    refusal = forms.CharField(
        label=_("Why nobody signed"), max_length=200, required=False,
        help_text=_("Then a photograph must show the sealing."),
    )  # fmt: skip


class CertificateForm(Blaming):
    certificate = forms.CharField(label=_("Number of your certificate"), max_length=40)


class HandOverForm(Blaming):
    laboratory = forms.ModelChoiceField(label=LABORATORY, queryset=None)  # type: ignore[var-annotated]
    temperature_c = forms.DecimalField(
        label=_("Temperature in the box"), max_digits=4, decimal_places=1,
        help_text=_("℃; samples stay at 4 ± 2."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["laboratory"].queryset = laboratories()  # type: ignore[attr-defined]


class ReceiveForm(Blaming):
    temperature_c = forms.DecimalField(
        label=_("Temperature in the box"), max_digits=4, decimal_places=1, help_text="℃"
    )
    intact = forms.BooleanField(label=_("The seal is whole"), required=False)
    duplicate = forms.BooleanField(label=_("A duplicate is kept back"), required=False)
    note = forms.CharField(label=_("Remarks"), max_length=200, required=False)


class ResultForm(Blaming):
    """One factor of one sample."""

    factor = forms.ModelChoiceField(label=_("Factor"), queryset=None, to_field_name="code")  # type: ignore[var-annotated]
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=6)
    below = forms.BooleanField(
        label=_("Below the detection limit; the value is that limit"), required=False
    )
    method = forms.CharField(
        label=_("Method"), max_length=60, help_text=_("e.g. HJ 828-2017 for COD")
    )
    report = forms.CharField(label=_("Number of the report"), max_length=60)
    analysed_at = forms.DateTimeField(
        label=_("Analysed"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    duplicate = forms.BooleanField(label=_("Of the duplicate"), required=False)
    file = forms.FileField(label=_("Report as a file"), required=False)

    def __init__(self, sample: Sample, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["factor"]
        choice.queryset = Factor.objects.filter(code__in=sample.factors)
        choice.label_from_instance = _with_unit
        if not sample.duplicate:
            del self.fields["duplicate"]
        now = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
        self.fields["analysed_at"].initial = now.strftime("%Y-%m-%dT%H:%M")


def _with_unit(factor: Any) -> str:
    return f"{factor_name(factor)} {factor.unit}".strip()


class DisposeForm(Blaming):
    witness = forms.CharField(label=_("Witness"), max_length=60)
    note = forms.CharField(label=_("How"), max_length=200, required=False)


class RenewForm(Blaming):
    note = forms.CharField(label=_("Remarks"), max_length=200, required=False)


class SamplerForm(Blaming):
    """A sampler's settings."""

    bottles = forms.IntegerField(label=_("Places of the carousel"), min_value=1, max_value=99)
    volume_ml = forms.IntegerField(
        label=_("Volume of a bottle"), min_value=1, max_value=10_000, help_text="mL"
    )
    command = forms.ChoiceField(
        label=_("Command"), required=False,
        choices=[
            ("", _("As the logger's protocol has it")),
            ("3015", "3015"), ("3022", "3022"), ("3012", "3012"),
        ],
    )  # fmt: skip
    factor_code = forms.CharField(
        label=_("Analyser that 3012 and 3022 name"), max_length=6, help_text=_("e.g. w01018")
    )
    min_interval_min = forms.IntegerField(
        label=_("Minutes between two samples"), min_value=1, max_value=1440
    )
    temperature_code = forms.CharField(label=_("Info code of the temperature"), max_length=6)
    active = forms.BooleanField(label=_("Active"), required=False)

    @classmethod
    def of(cls, sampler: Sampler | None, data: Any = None) -> SamplerForm:
        """The form with what holds now, or with what a new sampler usually has."""
        one = sampler or Sampler()
        return cls(data, initial={name: getattr(one, name) for name in cls.base_fields})
