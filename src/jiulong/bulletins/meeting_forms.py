"""Forms of meetings. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins.kinds import SeriesItem
from jiulong.bulletins.models import Attendance, Meeting
from jiulong.organisation.models import Unit
from jiulong.pages.forms import Blaming

WHEN = {"type": "datetime-local"}
FORMAT = "%Y-%m-%dT%H:%M"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "form-control"})


def _at() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("Time"), input_formats=[FORMAT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs=WHEN, format=FORMAT),
    )  # fmt: skip


class CallForm(Blaming):
    """Which regular meeting, when."""

    series = forms.ChoiceField(label=_("Regular meeting"))
    at = _at()
    period = forms.CharField(
        label=_("Looks at"), max_length=7, required=False,
        help_text=_("A month (2026-03) or quarter (2026Q1); empty: the month of the meeting."),
    )  # fmt: skip
    title = forms.CharField(
        label=pgettext_lazy("bulletin", "Title"), max_length=120, required=False
    )
    place = forms.CharField(label=pgettext_lazy("meeting", "Place"), max_length=120, required=False)
    agenda = forms.CharField(
        label=_("Agenda"), required=False, widget=_area(5),
        help_text=_("One item a line; empty: the usual ones."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, series: Mapping[str, SeriesItem]) -> None:
        super().__init__(data)
        self.fields["series"].choices = [  # type: ignore[attr-defined]
            (key, str(one.name)) for key, one in series.items()
        ]

    @property
    def given(self) -> dict[str, Any]:
        """As `call_meeting` takes them."""
        return {**self.cleaned_data, "agenda": self.cleaned_data["agenda"].splitlines()}


class MeetingForm(Blaming):
    """Everything of a meeting that may still change."""

    title = forms.CharField(label=pgettext_lazy("bulletin", "Title"), max_length=120)
    at = _at()
    period = forms.CharField(label=_("Looks at"), max_length=7)
    place = forms.CharField(label=pgettext_lazy("meeting", "Place"), max_length=120, required=False)
    chair = forms.CharField(label=pgettext_lazy("meeting", "Chair"), max_length=60, required=False)
    agenda = forms.CharField(label=_("Agenda"), required=False, widget=_area(6))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, meeting: Meeting) -> None:
        lines = "\n".join(one["title"] for one in meeting.agenda)
        initial = {
            "title": meeting.title, "at": timezone.localtime(meeting.at), "agenda": lines,
            "period": meeting.period, "place": meeting.place, "chair": meeting.chair,
            "version": meeting.version,
        }  # fmt: skip
        super().__init__(data, initial=initial)

    @property
    def given(self) -> dict[str, Any]:
        """As `change_meeting` takes them."""
        told = dict(self.cleaned_data)
        del told["version"]
        return {**told, "agenda": told["agenda"].splitlines()}


class AttendanceForm(Blaming):
    """A line for each unit that was to come."""

    def __init__(self, data: QueryDict | None, *, rows: Sequence[Attendance]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            self.fields[f"state_{row.unit_id}"] = forms.ChoiceField(
                label=str(row.unit), choices=Attendance.State.choices, initial=row.state,
                widget=forms.Select(attrs={"class": "form-select", "aria-label": str(row.unit)}),
            )  # fmt: skip
            self.fields[f"post_{row.unit_id}"] = forms.CharField(
                label=_("Post"), max_length=60, required=False, initial=row.post
            )
            self.fields[f"note_{row.unit_id}"] = forms.CharField(
                label=_("Note"), max_length=120, required=False, initial=row.note
            )

    def lines(self) -> list[tuple[Attendance, Any, Any, Any]]:
        """Unit, state, post and note side by side."""
        return [
            (row, self[f"state_{row.unit_id}"], self[f"post_{row.unit_id}"],
             self[f"note_{row.unit_id}"])
            for row in self.rows
        ]  # fmt: skip

    @property
    def given(self) -> dict[int, dict[str, str]]:
        """As `record_attendance` takes them."""
        told = self.cleaned_data
        return {
            row.unit_id: {name: told[f"{name}_{row.unit_id}"] for name in ("state", "post", "note")}
            for row in self.rows
        }


class DecideForm(Blaming):
    """One decision, one matter."""

    title = forms.CharField(
        label=_("Decision"), max_length=200, help_text=_("One matter, one decision.")
    )
    goal = forms.CharField(label=_("What is to be reached"), max_length=600, widget=_area(3))
    lead = forms.ModelChoiceField(
        label=_("Lead unit"), queryset=Unit.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("Due"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data: QueryDict | None, *, leads: QuerySet[Unit]) -> None:
        super().__init__(data)
        self.fields["lead"].queryset = leads  # type: ignore[attr-defined]
