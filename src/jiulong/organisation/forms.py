"""Forms of the house's pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.organisation import queries
from jiulong.organisation.models import Role, Unit
from jiulong.organisation.rules import Viewer
from jiulong.organisation.verbs import GROUPS
from jiulong.pages.forms import Blaming


class HouseForm(Blaming):
    """Fields in our look, and the refusal of an action shown at the fields it names."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for field in self.fields.values():
            kind = field.widget
            if isinstance(kind, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                kind.attrs["class"] = "form-check-input"
            elif isinstance(kind, forms.Select):
                kind.attrs["class"] = "form-select"
            else:
                kind.attrs["class"] = "form-control"


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A unit by name and code, in the order of the tree."""

    def label_from_instance(self, obj: Any) -> str:
        depth = max(obj.path.count("/") - 2, 0)
        return f"{'　' * depth}{obj.name} ({obj.code})"


def open_units(viewer: Viewer) -> Any:
    return queries.units(viewer, closed=False).order_by("path")


class UnitForm(HouseForm):
    """A unit of the tree."""

    code = forms.CharField(label=_("Code"), max_length=40,
                           help_text=_("Division code where it has one; it stays."))  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices)
    parent = UnitChoice(label=_("Stands under"), queryset=Unit.objects.none(), required=False)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180,
                                 max_value=180, help_text=_("Degrees, WGS 84"))  # fmt: skip
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def __init__(self, *args: Any, viewer: Viewer, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["parent"].queryset = open_units(viewer)  # type: ignore[attr-defined]
        if fixed_code:
            del self.fields["code"]


class PersonForm(HouseForm):
    """An account: no more of a person than their work needs."""

    username = forms.CharField(label=_("Account"), max_length=150)
    name = forms.CharField(label=_("Name"), max_length=150, required=False,
                           help_text=_("As pages and records show it."))  # fmt: skip
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    email = forms.EmailField(label=_("Mail"), required=False,
                             help_text=_("Only for notices, where they are wanted."))  # fmt: skip
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput, strip=False,
        help_text=_("The person must change it at the first sign-in."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("May sign in"), required=False)

    def __init__(self, *args: Any, viewer: Viewer, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["role"].queryset = queries.roles(viewer)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = open_units(viewer)  # type: ignore[attr-defined]
        for name in ["is_active"] if new else ["username", "password"]:
            del self.fields[name]


class PostForm(HouseForm):
    """A further role of a person, for a time."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("Title"), max_length=60, required=False)
    named = forms.ModelMultipleChoiceField(
        label=_("Named units"), queryset=Unit.objects.none(), required=False,
        help_text=_("Only for roles that reach named units."),
    )  # fmt: skip
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label=_("Until and including"), required=False,
                            widget=forms.DateInput(attrs={"type": "date"}))  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"from_on": timezone.localdate()})
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["role"].queryset = queries.roles(viewer)  # type: ignore[attr-defined]
        for name in ("unit", "named"):
            self.fields[name].queryset = open_units(viewer)  # type: ignore[attr-defined]


class PasswordForm(HouseForm):
    """A new password for somebody else."""

    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput, strip=False,
        help_text=_("It ends the account's sessions and must be changed at the next sign-in."),
    )  # fmt: skip


class RoleForm(HouseForm):
    """A role: its names, where it reaches, its verbs in groups."""

    code = forms.SlugField(label=_("Code"), max_length=20)
    zh = forms.CharField(label=_("Chinese name"), max_length=40)
    en = forms.CharField(label=_("English name"), max_length=40, required=False)
    scope = forms.ChoiceField(label=_("Reaches"), choices=Role.Scope.choices)
    verbs = forms.MultipleChoiceField(
        label=_("May"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(group, list(verbs.items())) for group, verbs in GROUPS.items()],
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        if fixed_code:
            del self.fields["code"]

    def verb_groups(self) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
        """The boxes to tick: group, then verb, its words, whether it is ticked."""
        held = set(self["verbs"].value() or ())
        return [
            (group, [(verb, label, verb in held) for verb, label in verbs.items()])
            for group, verbs in GROUPS.items()
        ]

    def chosen(self) -> dict[str, Any]:
        """The cleaned fields as `actions` take them."""
        given = dict(self.cleaned_data)
        given["names"] = {"zh": given.pop("zh"), "en": given.pop("en")}
        return given
