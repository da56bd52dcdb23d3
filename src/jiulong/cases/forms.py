"""Forms of the casework: one for each action, built from what the matter says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import people, queries
from jiulong.cases.actions import planning
from jiulong.cases.lifecycle import REPLIED
from jiulong.cases.models import Case, Task
from jiulong.cases.schema import MatterSpec
from jiulong.cases.words import PURPOSES
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.registers.fields import LINKED_ENTERPRISE, Field
from jiulong.registers.formfields import FilesField, ManyFiles, SpecForm

LAST_MOMENT: Final = time(23, 59, 59)
TEXT_MAX: Final = 4000
TITLE_MAX: Final = 200
RATINGS: Final = [(str(n), "★" * n) for n in range(5, 0, -1)]

#: action → inputs of its form, in order.
INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "assign": ("lead", "supports", "handler", "note"),
    "accept": ("note",),
    "return": ("reason",),
    "feedback": ("text", "photo_after", "document"),
    "reply": ("answer", "result", "photo_before", "photo_after", "document"),
    "verify": ("note", "photo_after"),
    "send_back": ("reason",),
    "confirm": ("satisfied", "rating", "note"),
    "close": ("result", "note"),
    "reopen": ("reason",),
    "ask_extension": ("until", "reason"),
    "extend": ("note",),
    "refuse_extension": ("reason",),
    "suspend": ("reason",),
    "resume": ("note",),
    "withdraw": ("reason",),
    "merge": ("into", "reason"),
    "remind": ("text",),
    "note": ("text", "document"),
    "add_task": ("unit", "name"),
    "finish_task": ("answer",),
    "ask_documents": ("missing", "note"),
    "documents_in": ("note", "document"),
    "redo_task": ("reason",),
}
#: Inputs that may stay empty.
OPTIONAL: Final = frozenset({"note", "supports", "handler", *PURPOSES})


def _long(label: Any, rows: int = 3) -> forms.Field:
    return forms.CharField(label=label, max_length=TEXT_MAX, widget=forms.Textarea({"rows": rows}))


def _lead(case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    usual = Q(closed_on=None) & ~Q(kind__in=[Unit.Kind.GRID, Unit.Kind.ENTERPRISE])
    found = Unit.objects.filter(usual | Q(pk=case.lead_id or 0))
    unit = planning.usual_lead(case, spec)
    by_route = _t("by the matter's route: %(unit)s") % {"unit": unit} if unit else ""
    return forms.ModelChoiceField(
        found.order_by("path", "code"), label=_("Lead unit"), initial=case.lead, required=False,
        empty_label=by_route or _("no route fits: choose"), to_field_name="code",
    )  # fmt: skip


def _supports(_case: Case, _spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    found = queries.units([Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ZONE])
    return forms.ModelMultipleChoiceField(
        found, label=_("Support units"), required=False, to_field_name="code",
        widget=_ScrolledBoxes,
    )  # fmt: skip


class _ScrolledBoxes(forms.CheckboxSelectMultiple):
    """Many check boxes, in a box of their own that scrolls."""

    scrolled: Final = True


def _handler(case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    lead = case.lead or planning.usual_lead(case, spec)
    able = people.of_unit([lead.pk], "handle_case") if lead else []
    found = User.objects.filter(pk__in=[user.pk for user in able])
    return forms.ModelChoiceField(
        found.order_by("username"), label=_("Handler"), initial=case.handler_id, required=False,
        empty_label=_("anybody of the unit"),
        help_text=_t("Those who handle cases at %(unit)s") % {"unit": lead} if lead else "",
    )  # fmt: skip


def _result(_case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field | None:
    if not spec.closing.results:
        return None
    choices = [("", "—"), *((one.key, str(one.name)) for one in spec.closing.results)]
    return forms.ChoiceField(choices=choices, label=_("Result"), initial=_case.result)


def _rating(_case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    return forms.TypedChoiceField(
        choices=RATINGS, coerce=int, empty_value=None, label=_("Rating"),
        required="rating" in spec.closing.needs, widget=forms.RadioSelect,
    )  # fmt: skip


def _satisfied(_case: Case, _spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("yes", _("Satisfied")), ("no", _("Not satisfied"))],
        coerce=lambda given: given == "yes", label=_("Are you satisfied?"),
        widget=forms.RadioSelect,
    )  # fmt: skip


def _into(case: Case, _spec: MatterSpec, viewer: Viewer) -> forms.Field:
    found = queries.visible(viewer).filter(queries.IS_OPEN).exclude(pk=case.pk)
    return forms.ModelChoiceField(
        found,
        to_field_name="number",
        label=_("Number of the case it goes into"),
        widget=forms.TextInput,
        error_messages={"invalid_choice": _("No open case has this number.")},
    )


def _until(_case: Case, _spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    return forms.DateField(
        label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def _unit(_case: Case, _spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    kinds = [Unit.Kind.DEPARTMENT, Unit.Kind.STREET, Unit.Kind.ZONE, Unit.Kind.COMMUNITY]
    label = pgettext_lazy("of a case", "Unit")
    return forms.ModelChoiceField(queries.units(kinds), label=label, to_field_name="code")


def _missing(_case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field:
    label = _("Missing documents")
    if not spec.missing_documents:
        return _Lines(label=label, help_text=_("One a line"), widget=forms.Textarea({"rows": 3}))
    choices = [(str(one.label), str(one.label)) for one in spec.missing_documents]
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=choices, label=label, widget=widget)


class _Lines(forms.CharField):
    """One thing a line."""

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        """Lines are plain words; there is nothing to validate."""


def _files(purpose: str) -> Callable[..., forms.Field | None]:
    def make(case: Case, spec: MatterSpec, _viewer: Viewer) -> forms.Field | None:
        photo = purpose.startswith("photo")
        if photo and purpose not in spec.closing.needs and case.stage != REPLIED:
            return None
        return FilesField(
            label=str(PURPOSES[purpose]), required=False,
            widget=ManyFiles({"accept": "image/*"} if photo else {}),
        )  # fmt: skip

    return make


def _words(label: Any, rows: int = 3) -> Callable[..., forms.Field]:
    return lambda _case, _spec, _viewer: _long(label, rows)


MAKERS: Final[Mapping[str, Callable[[Case, MatterSpec, Viewer], forms.Field | None]]] = {
    "lead": _lead,
    "supports": _supports,
    "handler": _handler,
    "result": _result,
    "rating": _rating,
    "satisfied": _satisfied,
    "into": _into,
    "until": _until,
    "unit": _unit,
    "missing": _missing,
    "name": lambda _c, _s, _v: forms.CharField(label=_("What is to be done"), max_length=120),
    "note": _words(pgettext_lazy("of an action", "Note"), 2),
    "text": _words(_("Text")),
    "reason": _words(_("Reason")),
    "answer": _words(pgettext_lazy("of a case", "Answer"), 5),
    **{purpose: _files(purpose) for purpose in PURPOSES},
}


class ActionForm(SpecForm):
    """What one action asks for: the fields of the pack, then its own inputs."""

    def __init__(
        self,
        *args: Any,
        action: str,
        case: Case,
        spec: MatterSpec,
        viewer: Viewer,
        task: Task | None = None,
        **kwargs: Any,
    ) -> None:
        self.action, self.case = action, case
        fields, current = asked_fields(action, case, spec, task)
        super().__init__(*args, spec_fields=fields, current=current, **kwargs)
        for name in INPUTS[action]:
            made = MAKERS[name](case, spec, viewer)
            if made is not None:
                made.required = made.required and name not in OPTIONAL
                self.fields[name] = made
        answered = task is None or _task_answers(task, spec)
        if action == "finish_task" and not answered:
            self.fields["answer"].required = False

    def clean_until(self) -> datetime:
        """The last moment of the day that was asked for."""
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, LAST_MOMENT))

    def arguments(self) -> dict[str, Any]:
        """What the action takes, without files."""
        names = (n for n in INPUTS[self.action] if n in self.fields and n not in PURPOSES)
        given = {name: self.cleaned_data[name] for name in names}
        if self.spec_fields or self.action in {"reply", "finish_task"}:
            given["data"] = self.values
        return given

    def attached(self) -> list[tuple[str, Any]]:
        """The files that were handed in, with their purpose."""
        of_spec = [(key, one) for key, some in self.uploads().items() for one in some]
        own = [
            (name, one)
            for name in INPUTS[self.action]
            if name in PURPOSES
            for one in self.cleaned_data.get(name) or []
        ]
        return own + of_spec


def asked_fields(
    action: str, case: Case, spec: MatterSpec, task: Task | None
) -> tuple[Sequence[Field], dict[str, Any]]:
    """The pack's fields that an action asks for, with what they hold now."""
    if action == "reply":
        return spec.reply, case.reply
    if action == "finish_task" and task is not None:
        found = next((one for one in spec.tasks if one.key == task.key), None)
        return (found.fields if found else []), task.data
    return [], {}


def _task_answers(task: Task, spec: MatterSpec) -> bool:
    found = next((one for one in spec.tasks if one.key == task.key), None)
    return found is None or found.answer


class CaseForm(SpecForm):
    """A new case: title, what it is about, how bad, where, and the matter's own fields."""

    def __init__(self, *args: Any, spec: MatterSpec, **kwargs: Any) -> None:
        super().__init__(*args, spec_fields=spec.fields, **kwargs)
        self.spec = spec
        own: dict[str, forms.Field] = {
            "title": forms.CharField(
                label=pgettext_lazy("of a case", "Title"), max_length=TITLE_MAX,
                help_text=str(spec.title or ""),
            ),
            "about": forms.CharField(
                label=_("What it is about"), max_length=TEXT_MAX, required=False,
                widget=forms.Textarea({"rows": 4}),
            ),
        }  # fmt: skip
        if len(spec.severities) > 1:
            own["severity"] = forms.ChoiceField(
                label=_("Severity"), choices=[(s.key, str(s.name)) for s in spec.severities]
            )
        own |= _subject_inputs(spec)
        after: dict[str, forms.Field] = {}
        if spec.place != "none":
            after = _place_inputs(required=spec.place == "required")
        self.fields = {**own, **self.fields, **after}

    def clean(self) -> dict[str, Any]:
        """Both coordinates or none; and what the pack asks for."""
        given = super().clean()
        pair = [given.get("longitude"), given.get("latitude")]
        if any(part is None for part in pair) and any(part is not None for part in pair):
            self.add_error("longitude", _t("A place has a longitude and a latitude."))
        return given

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both were given."""
        longitude = self.cleaned_data.get("longitude")
        latitude = self.cleaned_data.get("latitude")
        return None if longitude is None or latitude is None else (longitude, latitude)


def _picker(to: str) -> forms.TextInput:
    """As `registers.formfields` has it for links: what is typed is looked for."""
    attrs = {"autocomplete": "off"}
    if to:
        attrs["data-options"] = reverse("registers:options", args=[to])
    return forms.TextInput(attrs)


def _subject_inputs(spec: MatterSpec) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    if spec.entry != "none":
        found["entry"] = forms.CharField(
            label=_("Entry"), required=spec.entry == "required",
            help_text=_("Number of the entry of the register"),
            widget=_picker(spec.register_key or ""),
        )  # fmt: skip
    if spec.enterprise != "none":
        found["enterprise"] = forms.CharField(
            label=_("Enterprise"), required=spec.enterprise == "required",
            help_text=_("Name or unified social credit code"),
            widget=_picker(LINKED_ENTERPRISE),
        )  # fmt: skip
    return found


def _place_inputs(*, required: bool) -> dict[str, forms.Field]:
    number = {"inputmode": "decimal", "step": "any"}
    return {
        "address": forms.CharField(label=_("Address"), max_length=200, required=False),
        "longitude": forms.FloatField(
            label=_("Longitude"), required=required, min_value=73, max_value=136,
            widget=forms.NumberInput(number),
        ),
        "latitude": forms.FloatField(
            label=_("Latitude"), required=required, min_value=3, max_value=54,
            widget=forms.NumberInput(number),
        ),
    }  # fmt: skip
