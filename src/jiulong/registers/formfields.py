"""Django forms from fields of packs: for entries, cases and tasks alike, in our look.

A form asks for what was typed; `check_values` alone says whether it is right, so that forms,
sheets and packs agree. File fields are asked for too: whoever uses the form keeps the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from jiulong.organisation.models import Unit
from jiulong.pages.forms import Blaming
from jiulong.registers import fields as kinds
from jiulong.registers.masking import mask
from jiulong.registers.pads import PadField, PadInput
from jiulong.registers.specs import check_values

#: Up to so many values are picked from radio buttons or check boxes, more from a list.
BUTTONS_MAX: Final = 5
PHOTOS: Final = "image/jpeg,image/png,image/webp,image/heic"
PLACE_PARTS: Final = ("longitude", "latitude", "address", "accuracy_m")


class PlaceInput(forms.MultiWidget):
    """Longitude, latitude and address, side by side; the device may fill them in, and says how
    exactly it knows.
    """

    template_name = "registers/place_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "decimal", "class": "form-control"}
        super().__init__(
            {
                "longitude": forms.TextInput({**number, "placeholder": "117.65"}),
                "latitude": forms.TextInput({**number, "placeholder": "24.51"}),
                "address": forms.TextInput({"class": "form-control"}),
                "accuracy_m": forms.HiddenInput(),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        value = value or {}
        return [value.get(name) for name in PLACE_PARTS]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = super().value_from_datadict(data, files, name)
        return dict(zip(PLACE_PARTS, given, strict=True))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = (_("Longitude"), _("Latitude"), _("Address"), "")
        for part, word in zip(context["widget"]["subwidgets"], words, strict=True):
            part["attrs"] |= {"aria-label": word, "title": word}
        return context


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class Raw(forms.Field):
    """Hands on what was typed: `check_values` judges it."""

    def clean(self, value: Any) -> Any:
        return value


class SpecForm(Blaming):
    """A form of pack fields. After `is_valid()`, `values` is what `check_values` gave."""

    def __init__(
        self,
        *args: Any,
        spec_fields: Sequence[kinds.Field],
        current: Mapping[str, Any] | None = None,
        partial: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spec_fields = list(spec_fields)
        self.current = dict(current or {})
        self.partial = partial
        self.values: kinds.Values = {}
        for one in self.spec_fields:
            if one.type != "computed":
                self.fields[one.key] = _made(one)
                self.initial.setdefault(one.key, _initial(one, self.current))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        asked = {one.key for one in self.spec_fields if one.type not in {"file", "computed"}}
        raw = {key: value for key, value in given.items() if key in asked}
        try:
            self.values = check_values(
                self.spec_fields, raw, partial=self.partial, current=self.current
            )
        except ValidationError as error:
            self.blame(error)
        return given

    def uploads(self) -> dict[str, list[Any]]:
        """The files that were handed in, by the key of their field."""
        return {
            one.key: self.cleaned_data.get(one.key) or []
            for one in self.spec_fields
            if one.type == "file"
        }


def form_for(
    fields: Sequence[kinds.Field],
    *,
    data: Any = None,
    files: Any = None,
    initial: Mapping[str, Any] | None = None,
    partial: bool = False,
    prefix: str | None = None,
) -> SpecForm:
    """A form of these fields. `initial` is what is stored now: persons appear masked, and a mask
    that comes back unchanged keeps what is stored.
    """
    return SpecForm(
        data, files, spec_fields=fields, current=initial, partial=partial, prefix=prefix
    )


def _initial(one: kinds.Field, current: Mapping[str, Any]) -> Any:
    value = current.get(one.key)
    if isinstance(one, kinds.PersonField) and isinstance(value, str):
        return mask(one.what, value)
    if one.type == "boolean" and value is not None:
        return "yes" if value else "no"
    return value


def _made(one: kinds.Field) -> forms.Field:
    made = _MAKERS[one.type](one)
    # `check_values` says what is required; the browser is told as well, where it can tell.
    plain = isinstance(made.widget, forms.TextInput | forms.Textarea | forms.Select)
    if one.required and plain and not isinstance(made.widget, forms.SelectMultiple):
        made.widget.attrs["required"] = True
    made.label = str(one.label) + (f" ({_unit_of(one)})" if _unit_of(one) else "")
    made.help_text = str(one.hint) if one.hint else ""
    made.marked = one.required  # type: ignore[attr-defined]  # the template shows a star
    return made


def _unit_of(one: kinds.Field) -> str:
    return one.unit if isinstance(one, kinds.NumberField | kinds.MoneyField) else ""


def _text(one: kinds.TextField) -> forms.Field:
    attrs: dict[str, Any] = {"maxlength": one.max_length}
    if one.example:
        attrs["placeholder"] = one.example
    widget = forms.Textarea({**attrs, "rows": one.lines}) if one.lines > 1 else None
    return Raw(required=False, widget=widget or forms.TextInput(attrs))


def _choice(one: kinds.ChoiceField) -> forms.Field:
    choices = [(option.key, str(option.label)) for option in one.choices]
    if one.several:
        return Raw(required=False, widget=forms.CheckboxSelectMultiple(choices=choices))
    if one.required and len(choices) <= BUTTONS_MAX:
        return Raw(required=False, widget=forms.RadioSelect(choices=choices))
    return Raw(required=False, widget=forms.Select(choices=[("", "—"), *choices]))


def _number(_one: kinds.Field) -> forms.Field:
    return Raw(required=False, widget=forms.TextInput({"inputmode": "decimal"}))


def _date(_one: kinds.Field) -> forms.Field:
    return Raw(required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def _boolean(_one: kinds.Field) -> forms.Field:
    choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
    return Raw(required=False, widget=forms.Select(choices=choices))


def _person(one: kinds.PersonField) -> forms.Field:
    attrs = {"autocomplete": "off"}
    if one.what == "phone":
        attrs["inputmode"] = "tel"
    return Raw(required=False, widget=forms.TextInput(attrs))


def _unit(one: kinds.UnitField) -> forms.Field:
    return Raw(required=False, widget=forms.Select(choices=unit_choices(tuple(one.kinds))))


def unit_choices(wanted: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Units to pick from, by code; without kinds, every unit but enterprises and grids."""
    rows = Unit.objects.filter(closed_on=None)
    rows = (
        rows.filter(kind__in=wanted)
        if wanted
        else rows.exclude(kind__in=[Unit.Kind.ENTERPRISE, Unit.Kind.GRID])
    )
    return [("", "—"), *rows.order_by("path", "code").values_list("code", "name")]


def _place(_one: kinds.Field) -> forms.Field:
    return Raw(required=False, widget=PlaceInput())


def _file(one: kinds.FileField) -> forms.Field:
    attrs = {"accept": PHOTOS, "capture": "environment"} if one.photos or one.drawn else {}
    if one.drawn:
        return PadField(required=False, widget=PadInput(attrs))
    widget = ManyFiles(attrs) if one.several else forms.ClearableFileInput(attrs)
    return FilesField(required=False, widget=widget)


def _link(one: kinds.LinkField) -> forms.Field:
    address = reverse("registers:options", args=[one.to])
    attrs = {"data-options": address, "autocomplete": "off"}
    return Raw(required=False, widget=forms.TextInput(attrs))


_MAKERS: Final[Mapping[str, Callable[[Any], forms.Field]]] = {
    "text": _text, "choice": _choice, "number": _number, "money": _number, "date": _date,
    "boolean": _boolean, "person": _person, "unit": _unit, "place": _place, "file": _file,
    "link": _link,
}  # fmt: skip
