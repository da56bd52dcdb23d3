"""Forms of pairings and visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins import rules
from jiulong.cases.models import MatterType
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import reach
from jiulong.pages.forms import Blaming

UNITS = (
    ("days", pgettext_lazy("interval", "days")),
    ("weeks", pgettext_lazy("interval", "weeks")),
    ("months", pgettext_lazy("interval", "months")),
)


class Photos(forms.FileInput):
    """Several pictures, from the camera where there is one."""

    allow_multiple_selected = True


class PairForm(Blaming):
    """Who looks after it, how often, to what end."""

    target = forms.ChoiceField(label=_("Paired with"))
    post = forms.CharField(
        label=_("Leader's post"), max_length=60, help_text=_("The post, e.g. Deputy head of …")
    )
    unit = forms.ModelChoiceField(
        label=_("Leader's unit"), queryset=Unit.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    leader = forms.CharField(
        label=_("Account"), max_length=150, required=False,
        help_text=_("User name, so that visits due appear on their home page."),
    )  # fmt: skip
    number = forms.IntegerField(label=_("A visit every"), min_value=1, max_value=99, initial=1)
    measure = forms.ChoiceField(
        label=pgettext_lazy("interval", "Of"), choices=UNITS, initial="months"
    )
    duty = forms.CharField(
        label=_("Duty"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None, *, viewer: User, options: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data)
        held = reach(viewer, rules.PAIR)
        units = Unit.objects.filter(closed_on=None).exclude(
            kind__in=[Unit.Kind.ENTERPRISE, Unit.Kind.GRID]
        )
        self.fields["target"].choices = options  # type: ignore[attr-defined]
        if not held.everything:
            units = units.filter(pk__in=held.units)
        self.fields["unit"].queryset = units.order_by("path")  # type: ignore[attr-defined]

    def clean_leader(self) -> User | None:
        """The account with that name."""
        name = self.cleaned_data["leader"].strip()
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no such account."))
        return found

    @property
    def given(self) -> dict[str, Any]:
        """As `make_pairing` takes them."""
        told = self.cleaned_data
        return {
            "target": int(told["target"]), "post": told["post"], "unit": told["unit"],
            "leader": told["leader"], "every": f"{told['number']} {told['measure']}",
            "duty_words": told["duty"],
        }  # fmt: skip


class VisitForm(Blaming):
    """What a leader saw; the place comes from the phone where it is allowed to."""

    on = forms.DateField(
        label=pgettext_lazy("visit", "Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=timezone.localdate,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What was seen and said"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )  # fmt: skip
    problem = forms.CharField(
        label=_("What has to be seen to"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )  # fmt: skip
    hand_over = forms.BooleanField(
        label=_("Make it a case at once"), required=False, initial=True,
        help_text=_("It goes to the unit in charge with a deadline; uncheck to do so later."),
    )  # fmt: skip
    address = forms.CharField(label=_("Place in words"), max_length=200, required=False)
    photos = forms.FileField(
        label=_("Photos"), required=False,
        widget=Photos(attrs={"accept": "image/*", "multiple": True}),
    )  # fmt: skip
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        matter: MatterType | None,
    ) -> None:
        super().__init__(data, files)
        if matter is None:
            del self.fields["hand_over"]

    @property
    def given(self) -> dict[str, Any]:
        """As `record_visit` takes them."""
        told = self.cleaned_data
        there = told["longitude"] is not None and told["latitude"] is not None
        return {
            "on": told["on"], "note": told["note"], "problem": told["problem"],
            "address": told["address"], "hand_over": told.get("hand_over", False),
            "place": (told["longitude"], told["latitude"]) if there else None,
        }  # fmt: skip
