"""Forms of entries and enterprises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach
from jiulong.pages.forms import Blaming
from jiulong.registers import values
from jiulong.registers.formfields import PlaceInput, Raw, SpecForm, unit_choices
from jiulong.registers.models import Enterprise, Entry
from jiulong.registers.schema import RegisterSpec

#: People to choose from as the person in charge.
HOLDERS = 500


class EntryForm(SpecForm):
    """An entry: the fields of its register, and what stands beside them."""

    def __init__(
        self, *args: Any, spec: RegisterSpec, viewer: Viewer, entry: Entry | None, **kwargs: Any
    ) -> None:
        current = entry.data if entry else {}
        super().__init__(*args, spec_fields=spec.fields, current=current, **kwargs)
        self.spec, self.viewer, self.entry = spec, viewer, entry
        if spec.place != "none":
            place = Raw(required=False, widget=PlaceInput(), label=_("Place"))
            self._add("place", place, _place(entry))
            self.fields["at_place"].marked = spec.place == "required"  # type: ignore[attr-defined]
        label = spec.unit.show() if spec.unit else _("Unit responsible")
        units = forms.ChoiceField(required=False, label=label, choices=units_for(viewer, entry))
        own = viewer.unit.code if isinstance(viewer, User) and viewer.unit else ""
        self._add("unit", units, entry.unit.code if entry and entry.unit else own)
        if spec.holder is not None:
            people = forms.ChoiceField(
                required=False, label=str(spec.holder), choices=holders(viewer, entry)
            )
            self._add("holder", people, entry.holder.username if entry and entry.holder else "")
        number = forms.CharField(
            required=False, max_length=80, label=_("Number"),
            help_text="" if entry else _("Left empty, it is given by the register."),
        )  # fmt: skip
        self._add("number", number, entry.number if entry else "")
        version = forms.IntegerField(required=False, widget=forms.HiddenInput())
        self._add("version", version, entry.version if entry else None)

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        key = f"at_{name}"  # no key of a pack starts so in a form
        self.fields[key] = field
        self.initial.setdefault(key, initial)

    def blame(self, error: ValidationError) -> None:
        """Refusals of what stands beside the fields go to their inputs."""
        if hasattr(error, "error_dict"):
            beside = {"number", "unit", "holder", "place", "register"} - {
                one.key for one in self.spec_fields
            }
            renamed = {
                f"at_{name}" if name in beside else name: errors
                for name, errors in error.error_dict.items()
            }
            error = ValidationError(renamed)
        super().blame(error)

    def given(self) -> dict[str, Any]:
        """What the actions take, beside the actor."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {"number": cleaned["at_number"]}
        code = cleaned["at_unit"]
        found["unit"] = Unit.objects.get(code=code) if code else None
        if "at_place" in cleaned:
            place = cleaned["at_place"] or {}
            given = place.get("longitude") or place.get("latitude")
            found["place"] = place if given else None
            found["address"] = place.get("address") or ""
        if "at_holder" in cleaned:
            holder = cleaned["at_holder"]
            found["holder"] = User.objects.get(username=holder) if holder else None
        return found


def _place(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {"longitude": entry.longitude, "latitude": entry.latitude, "address": entry.address}


def units_for(viewer: Viewer, entry: Entry | None = None) -> list[tuple[str, str]]:
    """Units that the viewer may enter things for, and the one the entry has."""
    where = reach(viewer, "edit_entry")
    if where.everything:
        return unit_choices()
    ids = set(where.units)
    if where.own is not None and isinstance(viewer, User) and viewer.unit_id:
        ids.add(viewer.unit_id)
    if entry is not None and entry.unit_id:
        ids.add(entry.unit_id)
    rows = Unit.objects.filter(pk__in=ids).exclude(kind=Unit.Kind.ENTERPRISE)
    found = list(rows.order_by("path", "code").values_list("code", "name"))
    return [("", "—"), *found] if where.own is not None else found


def holders(viewer: Viewer, entry: Entry | None) -> list[tuple[str, str]]:
    """People who may be in charge: those of the units the viewer enters things for."""
    where = reach(viewer, "edit_entry")
    rows = User.objects.filter(is_active=True).exclude(unit__kind=Unit.Kind.ENTERPRISE)
    if not where.everything:
        rows = rows.filter(unit__in=where.units)
    people = {user.username: str(user) for user in rows.order_by("username")[:HOLDERS]}
    if entry is not None and entry.holder:
        people.setdefault(entry.holder.username, str(entry.holder))
    return [("", "—"), *people.items()]


class EnterpriseForm(Blaming):
    """Who an enterprise is and where."""

    def __init__(self, *args: Any, enterprise: Enterprise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise
        self.fields["name"] = forms.CharField(max_length=120, label=_("Name"))
        if enterprise is None:
            self.fields["credit_code"] = forms.CharField(
                max_length=18, label=_("Unified social credit code"),
                help_text=_("18 characters, the last a check."),
            )  # fmt: skip
        self.fields["trade"] = forms.ChoiceField(
            label=_("Trade"), choices=[("", "—"), *Enterprise.Trade.choices]
        )
        kinds = [Unit.Kind.STREET, Unit.Kind.ZONE]
        self.fields["street"] = forms.ChoiceField(
            required=False, label=_("Street or town"), choices=unit_choices(kinds)
        )
        self.fields["place"] = Raw(required=False, widget=PlaceInput(), label=_("Place"))
        if enterprise is not None:
            self.initial = {
                "name": enterprise.name,
                "trade": enterprise.trade,
                "street": enterprise.street.code if enterprise.street else "",
                "place": {
                    "longitude": enterprise.longitude,
                    "latitude": enterprise.latitude,
                    "address": enterprise.address,
                },
            }

    def clean_credit_code(self) -> str:
        """Upper case, without blanks."""
        return "".join(self.cleaned_data["credit_code"].split()).upper()

    def clean_place(self) -> dict[str, Any]:
        """Longitude, latitude, address; or nothing of each."""
        given = self.cleaned_data["place"]
        if values.empty(given):
            return {"longitude": None, "latitude": None, "address": ""}
        try:
            return values.place(given)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def given(self) -> dict[str, Any]:
        """What the actions take, beside the actor."""
        found: dict[str, Any] = dict(self.cleaned_data)
        place: dict[str, Any] = found.pop("place")
        found["street"] = Unit.objects.get(code=found["street"]) if found["street"] else None
        return found | place
