"""Forms of projects: one for what a project is, and small ones for acts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import specs
from jiulong.cases.models import MatterType
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach
from jiulong.pages.forms import Blaming
from jiulong.projects import stages
from jiulong.projects.actions import Photo, Planned
from jiulong.projects.actions.filing import ENTERED, FIRST
from jiulong.projects.actions.planning import MONTHS
from jiulong.projects.labels import HINTS, LABELS
from jiulong.projects.models import Colour, Funding, Project, YearPlan
from jiulong.registers.formfields import FilesField, ManyFiles, SpecForm
from jiulong.registers.masking import mask

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Project]
else:
    ModelForm = forms.ModelForm  # the stubs alone know what it is a form of

PLACES: Final = (Unit.Kind.STREET, Unit.Kind.ZONE)
#: The field of an obstacle's form that the project itself fills in.
PROJECT_FIELD: Final = "project"
SEATS: Final = (*PLACES, Unit.Kind.DEPARTMENT, Unit.Kind.DISTRICT)


def day(label: Any, *, required: bool = True) -> forms.DateField:
    """A day picked from the browser's calendar."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def money(label: Any, *, required: bool = True) -> forms.DecimalField:
    """A sum in 万元."""
    return forms.DecimalField(
        label=label, required=required, max_digits=14, decimal_places=2, min_value=Decimal(0),
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip


def photos(*, required: bool = False) -> FilesField:
    """Pictures, straight from the camera on a phone."""
    return FilesField(
        label=_("Photographs"), required=required,
        widget=ManyFiles({"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip


def pictures(form: forms.Form) -> list[Photo]:
    """What was handed in."""
    return [
        Photo(content=one.read(), name=one.name or "photo.jpg")
        for one in form.cleaned_data.get("photo") or []
    ]


class ProjectForm(Blaming, ModelForm):
    """What is known of a project; a new one also says at which stage it is."""

    stage = forms.ChoiceField(label=LABELS["stage"])
    eased_because = forms.CharField(
        label=_("Why less is asked of it"), max_length=200, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    class Meta:
        model = Project
        fields = ENTERED
        labels = LABELS
        help_texts = HINTS

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = Unit.objects.filter(closed_on=None).order_by("path", "code")
        self._narrow("zone", seats.filter(kind__in=PLACES))
        self._narrow("supervising_unit", seats.filter(kind__in=SEATS))
        held = reach(viewer, "keep_projects")
        mine = seats.filter(kind__in=SEATS).filter(held.within("pk"))
        self._narrow("lead_unit", mine)
        named = Q(pk=self.instance.leader_id or 0) | Q(role=User.Role.LEADER, is_active=True)
        self._narrow("leader", User.objects.filter(named).order_by("username"))
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        for name in ZEROES:
            self.fields[name].required = False
        for name, field in self.fields.items():
            field.help_text = HINTS.get(name, "")
        self.fields["description"].widget.attrs["rows"] = 4
        self.masks = {name: mask(what, self.initial.get(name, "")) for name, what in MASKED}
        self.initial.update(self.masks)
        if self.instance.pk is None:
            choices = [(code, stages.STAGES[code]) for code in FIRST]
            self.fields["stage"] = forms.ChoiceField(label=LABELS["stage"], choices=choices)
            del self.fields["eased_because"]
        else:
            del self.fields["stage"]

    def blame(self, error: ValidationError) -> None:
        """The reason is asked for here under a name of its own."""
        if "reason" in (named := getattr(error, "error_dict", {})):
            named["eased_because"] = named.pop("reason")
        super().blame(error)

    def _narrow(self, name: str, found: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = found

    def _post_clean(self) -> None:
        """The action checks what must fit together; here nothing is written to the instance."""

    def values(self) -> dict[str, Any]:
        """By field, as `file_project` and `change_project` take them."""
        found = {name: self.cleaned_data[name] for name in ENTERED}
        for name, shown in self.masks.items():  # a mask that comes back keeps what is stored
            if shown and found[name] == shown:
                del found[name]
        return {
            name: Decimal(0) if value is None and name in ZEROES else value
            for name, value in found.items()
        }


#: Personal data, and how each is masked.
MASKED: Final = (("contact_name", "name"), ("contact_phone", "phone"))
#: Sums that are nought when nothing is entered.
ZEROES: Final = frozenset({
    "invested_before", "land_needed_mu", "land_delivered_mu", "demolition_m2", "demolished_m2",
    "bond_approved", "bond_used",
})  # fmt: skip


class PlanForm(Blaming):
    """A year: its sum, its goal, twelve months with nodes."""

    investment = money(_("Investment of the year, 10k yuan"))
    goal = forms.CharField(label=_("What stands at the year's end"), max_length=400, required=False)
    reason = forms.CharField(label=_("Why the plan changes"), max_length=200, required=False)

    def __init__(self, *args: Any, plan: YearPlan | None, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {row.month.month: row for row in plan.months.all()} if plan else {}
        self.year = year
        if plan is not None:
            self.initial.update(investment=plan.investment, goal=plan.goal)
        for month in range(1, MONTHS + 1):
            label = f"{year}-{month:02d}"
            row = rows.get(month)
            self.fields[f"planned_{month}"] = money(label, required=False)
            self.fields[f"node_{month}"] = forms.CharField(
                label=label, max_length=200, required=False
            )
            if row is not None:
                self.initial[f"planned_{month}"] = row.planned
                self.initial[f"node_{month}"] = row.node

    def months(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Label and the two inputs of each month."""
        return [
            (f"{self.year}-{m:02d}", self[f"planned_{m}"], self[f"node_{m}"])
            for m in range(1, MONTHS + 1)
        ]

    def planned(self) -> list[Planned]:
        """The months, or none where none was entered: then the year is spread evenly."""
        given = [self.cleaned_data[f"planned_{m}"] for m in range(1, MONTHS + 1)]
        if not any(value is not None for value in given):
            return []
        return [
            Planned(m, value if value is not None else Decimal(0), self.cleaned_data[f"node_{m}"])
            for m, value in enumerate(given, start=1)
        ]


class MoveForm(Blaming):
    on = day(_("Day it happened"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class MonthForm(Blaming):
    """What a phone asks at a month's end."""

    done = money(_("Done since January, 10k yuan"))
    node_done = forms.CharField(label=_("How far the works are"), max_length=200, required=False)
    problems = forms.CharField(
        label=_("What is in the way"), max_length=400, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    photo = photos()
    reason = forms.CharField(
        label=_("Why figures that look wrong are right"), max_length=200, required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(Blaming):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))


class OverrideForm(Blaming):
    colour = forms.ChoiceField(
        label=pgettext_lazy("of a project", "Light"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (Colour.GREEN, Colour.YELLOW, Colour.RED)],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 3}))
    until = day(_("Until day"))


class MilestoneForm(Blaming):
    title = forms.CharField(label=_("What is to be reached"), max_length=120)
    planned_on = day(_("Planned for"))


class ReachedForm(Blaming):
    done_on = day(_("Reached on"))
    photo = photos()


class FundsForm(Blaming):
    source = forms.ChoiceField(
        label=_("Where the money comes from"), choices=Funding.Source.choices
    )
    planned = money(_("Planned, 10k yuan"))
    arrived = money(_("Arrived, 10k yuan"))
    used = money(_("Used, 10k yuan"))


class ObstacleForm(SpecForm):
    """What holds a project up, with the fields of its matter."""

    title = forms.CharField(label=_("What holds it up"), max_length=200)
    about = forms.CharField(
        label=_("More about it"), required=False, max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    severity = forms.ChoiceField(label=_("Severity"), required=False)

    def __init__(self, *args: Any, matter: MatterType, **kwargs: Any) -> None:
        spec = specs.matter(matter)
        asked = [field for field in spec.fields if field.key != PROJECT_FIELD]
        super().__init__(*args, spec_fields=asked, **kwargs)
        choices = [(one.key, str(one.name)) for one in spec.severities]
        self.fields["severity"] = forms.ChoiceField(
            label=_("Severity"), required=False, choices=choices
        )


class SheetForm(Blaming):
    sheet = forms.FileField(
        label=_("Workbook (.xlsx) or table (.csv)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )


def first_day(text: str) -> date:
    """`2026-03` as its first day.

    Raises:
        ValueError: no month.
    """
    return date.fromisoformat(f"{text}-01")
