"""What stations hand in. Times are local; files are optional, but proof helps."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.words import factor_name
from jiulong.pages.forms import Blaming
from jiulong.registers.formfields import FilesField, ManyFiles
from jiulong.upkeep import queries
from jiulong.upkeep.actions import Checked, ManualSample, Place, Proof
from jiulong.upkeep.forms import long_text
from jiulong.upkeep.models import Mark, QcTest
from jiulong.upkeep.provisions import FormItem, Rulebook

ACCEPT: Final = "image/jpeg,image/png,image/webp,image/heic,.pdf,.docx,.xlsx,.mp4,.txt,.csv"
#: Pairs of a comparison that the form has room for.
PAIRS: Final = 6
NUMBER: Final[dict[str, int]] = {"max_digits": 18, "decimal_places": 6}


def moment(label: Any, **more: Any) -> Any:
    """A local time to the minute."""
    box = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=box, **more)


def number(label: Any, *, required: bool = False, places: int = 6) -> Any:
    """A number that a phone's keypad enters."""
    box = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=places, required=required, widget=box
    )


def files(label: Any) -> Any:
    """Pictures and documents."""
    return FilesField(label=label, required=False, widget=ManyFiles({"accept": ACCEPT}))


class ProvedForm(Blaming):
    """A form with files in its field `proofs`."""

    def attached(self) -> list[Proof]:
        """The files that were chosen."""
        chosen = self.cleaned_data.get("proofs") or []
        return [Proof(name=one.name, content=one.read()) for one in chosen]


class PointForm(ProvedForm):
    """A form about one point."""

    def __init__(self, *args: Any, point: Point, book: Rulebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.point, self.book = point, book
        self.factors = queries.factors_of(point, now=timezone.now())
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices."""

    def chosen(self) -> list[Factor]:
        """The factors that were ticked."""
        wanted = set(self.cleaned_data.get("factors") or [])
        return [factor for factor in self.factors if factor.code in wanted]

    def _offer_factors(self) -> None:
        if not self.factors:
            del self.fields["factors"]
            return
        field = self.fields["factors"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type
        field.choices = [(factor.code, factor_name(factor)) for factor in self.factors]


def factors_field() -> Any:
    """Which factors; none: all."""
    return forms.MultipleChoiceField(
        label=_("Factors"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all factors of the station."),
    )  # fmt: skip


class MarkForm(PointForm):
    """Mark data."""

    kind = forms.ChoiceField(label=_("Kind"))
    started_at = moment(_("From"))
    ended_at = moment(_("Until"), help_text=_("The first moment that is not marked any more."))
    factors = factors_field()
    explanation = long_text(_("Explanation"))
    proofs = files(_("Proof"))

    def prepare(self) -> None:
        kinds: dict[str, list[tuple[str, str]]] = {}
        for kind in self.book.kinds_for(self.point.outfall.enterprise.trade):
            group = str(Mark.Group(kind.group).label)
            kinds.setdefault(group, []).append((kind.key, kind.name.show()))
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type
        field.choices = [*kinds.items()]
        self._offer_factors()

    def arguments(self) -> dict[str, Any]:
        """As `mark_data` takes them."""
        names = ("kind", "started_at", "ended_at", "explanation")
        return {name: self.cleaned_data[name] for name in names} | {
            "factors": self.chosen(),
            "proofs": self.attached(),
        }


class FaultForm(PointForm):
    """Report a fault."""

    began_at = moment(_("Since"))
    factors = factors_field()
    description = long_text(_("What broke"))
    proofs = files(_("Proof"))

    def prepare(self) -> None:
        self._offer_factors()

    def arguments(self) -> dict[str, Any]:
        """As `report_fault` takes them."""
        return {
            "began_at": self.cleaned_data["began_at"],
            "description": self.cleaned_data["description"],
            "factors": self.chosen(),
            "proofs": self.attached(),
        }


class ManualForm(PointForm):
    """Values of one manual sample."""

    sampled_at = moment(_("Sampled at"))
    flow_m3 = number(_("Flow since the last sample (m³)"), places=3)
    method = forms.CharField(
        label=_("Method"), max_length=120, help_text=_("For example HJ 828-2017 for COD.")
    )
    laboratory = forms.CharField(label=_("Laboratory"), max_length=120)
    proofs = files(_("Laboratory report"))

    def prepare(self) -> None:
        asked = {
            f"value_{factor.code}": number(f"{factor_name(factor)} {factor.unit}".strip())
            for factor in self.factors
            if factor.code != "w00000"
        }
        rest = dict(self.fields)
        self.fields.clear()
        self.fields.update({"sampled_at": rest.pop("sampled_at"), **asked, **rest})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.values():
            raise ValidationError(_t("Enter at least one value."))
        return given

    def values(self) -> dict[Factor, Decimal]:
        """Factor → value, of those that were filled in."""
        found = {}
        for factor in self.factors:
            value = self.cleaned_data.get(f"value_{factor.code}")
            if value is not None:
                found[factor] = value
        return found

    def sample(self) -> ManualSample:
        """As `enter_manual` takes it."""
        given = self.cleaned_data
        return ManualSample(
            sampled_at=given["sampled_at"], values=self.values(), method=given["method"],
            laboratory=given["laboratory"], flow_m3=given["flow_m3"],
        )  # fmt: skip


class CheckForm(PointForm):
    """A check of an instrument: one pair, or several of a comparison."""

    kind = forms.ChoiceField(label=_("Check"), choices=QcTest.Kind.choices)
    factor = forms.ChoiceField(label=_("Factor"))
    at = moment(_("At"))
    range_upper = number(_("Upper end of the range, for zero and span"))
    laboratory = forms.CharField(
        label=_("Laboratory, for a comparison"), max_length=120, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    proofs = files(_("Proof"))

    def prepare(self) -> None:
        field = self.fields["factor"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type
        checked = {limit.factor for limit in self.book.limits.values()}
        field.choices = [
            (factor.code, factor_name(factor)) for factor in self.factors if factor.code in checked
        ]
        for n in range(1, PAIRS + 1):
            self.fields[f"true_{n}"] = number(_t("True value %(n)d") % {"n": n}, required=n == 1)
            self.fields[f"said_{n}"] = number(_t("Instrument %(n)d") % {"n": n}, required=n == 1)

    def plain(self) -> list[Any]:
        """The fields besides the pairs, in order."""
        return [field for field in self if not field.name.startswith(("true_", "said_"))]

    def pair_fields(self) -> list[tuple[Any, Any]]:
        """The fields of the pairs."""
        return [(self[f"true_{n}"], self[f"said_{n}"]) for n in range(1, PAIRS + 1)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for n in range(1, PAIRS + 1):
            pair = given.get(f"true_{n}"), given.get(f"said_{n}")
            if (pair[0] is None) != (pair[1] is None):
                name = f"true_{n}" if pair[0] is None else f"said_{n}"
                self.add_error(name, _t("A pair needs both values."))
        return given

    def checked(self) -> tuple[Factor, Checked]:
        """As `enter_check` takes it."""
        given = self.cleaned_data
        factor = next(one for one in self.factors if one.code == given["factor"])
        pairs = [
            (given[f"true_{n}"], given[f"said_{n}"])
            for n in range(1, PAIRS + 1)
            if given.get(f"true_{n}") is not None
        ]
        return factor, Checked(
            kind=given["kind"], at=given["at"], pairs=pairs, note=given["note"],
            range_upper=given["range_upper"], laboratory=given["laboratory"],
        )  # fmt: skip

    def blame(self, error: ValidationError) -> None:
        """Pairs, true and measured values are the first pair's fields here."""
        if hasattr(error, "error_dict"):
            here = {"pairs": "true_1", "reference": "true_1", "measured": "said_1"}
            named = {here.get(name, name): told for name, told in error.error_dict.items()}
            error = ValidationError({name: list(told) for name, told in named.items()})
        super().blame(error)


class MaintenanceForm(ProvedForm):
    """A list that was worked through."""

    at = moment(_("Done at"))
    people = forms.CharField(label=_("Done by"), max_length=200)

    def __init__(self, *args: Any, item: FormItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        for one in item.fields:
            self.fields[one.key] = _asked(one)
        self.fields["note"] = long_text(_("Note"), rows=2, required=False, most=400)
        self.fields["proofs"] = files(_("Photographs"))
        for name in ("longitude", "latitude", "accuracy_m"):
            hidden = forms.HiddenInput({"data-place": name})
            self.fields[name] = forms.FloatField(required=False, widget=hidden)

    def items(self) -> Iterable[Any]:
        """The fields of the list alone."""
        return [self[one.key] for one in self.item.fields]

    def values(self) -> dict[str, str]:
        """As `record_maintenance` takes them."""
        return {one.key: str(self.cleaned_data.get(one.key) or "") for one in self.item.fields}

    def place(self) -> Place | None:
        """Where the device said it was."""
        given = self.cleaned_data
        if given.get("longitude") is None or given.get("latitude") is None:
            return None
        return Place(
            longitude=given["longitude"], latitude=given["latitude"],
            accuracy_m=given.get("accuracy_m"),
        )  # fmt: skip


FINE: Final = (("yes", _("fine")), ("no", _("not fine")))


def _asked(one: Any) -> forms.Field:
    label = f"{one.label.show()} ({one.unit})" if one.unit else one.label.show()
    if one.type == "check":
        return forms.ChoiceField(
            label=label, choices=FINE, widget=forms.RadioSelect, required=one.required
        )
    if one.type == "number":
        found: forms.Field = number(label, required=one.required)
        return found
    return forms.CharField(label=label, max_length=400, required=one.required)


class ObjectionForm(ProvedForm):
    """Object to something."""

    text = long_text(pgettext_lazy("an objection", "Reasons"), rows=5)
    proofs = files(_("Proof"))
