"""Forms of the calendar's pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiulong.calendar.models import CalendarDay
from jiulong.calendar.notices import NoticeDay, NoticeError, read

#: A notice is two screens; a list of a year's days one.
NOTICE_LENGTH: Final = 20_000
MONTH_AND_DAY: Final = r"^\d\d-\d\d$"


class DayForm(forms.Form):
    """What a date is."""

    kind = forms.ChoiceField(
        label=_("What it is"), required=False,
        choices=[("", _("As its weekday")), *CalendarDay.Kind.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Holiday"), max_length=40, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The notice or the decision, with its number."),
    )


class NoticeForm(forms.Form):
    """A year's notice, pasted or as a file."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The notice or the decision, with its number."),
    )
    text = forms.CharField(
        label=_("The notice, or a list"), required=False, max_length=NOTICE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "class": "form-control", "spellcheck": "false"}),
        help_text=_(
            "Paste the State Council's notice as it stands, or lines like "
            "2027-01-01,holiday,New Year and 2027-02-06,workday."
        ),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("Such a list as .csv or .txt, in UTF-8.")
    )

    def clean(self) -> dict[str, Any]:
        """Reads the notice; `days` has what it says."""
        given = super().clean() or {}
        if self.errors:
            return given
        text = given["text"]
        if (file := given["file"]) is not None:
            if file.size > NOTICE_LENGTH * 4:
                raise forms.ValidationError({"file": _("This file is too long for a year's list.")})
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError({"file": _("This file is not in UTF-8.")}) from error
            # Shown for checking, and sent again with the confirmation.
            shown = QueryDict(mutable=True)
            shown.update({**self.data.dict(), "text": text})  # type: ignore[attr-defined]
            self.data = shown
        try:
            days: list[NoticeDay] = read(text, given["year"])
        except NoticeError as error:
            raise forms.ValidationError({"text": [str(fault) for fault in error.faults]}) from error
        return {**given, "text": text, "days": days}


class HoursForm(forms.Form):
    """Office hours from a day on."""

    spans = forms.CharField(
        label=_("Office hours"), max_length=60, help_text=_("Like this: 08:00-12:00 14:30-17:30")
    )
    season_from = forms.RegexField(
        MONTH_AND_DAY, label=_("Every year from"), required=False,
        help_text=_("Month and day, like 06-01; empty: all year."),
    )  # fmt: skip
    season_to = forms.RegexField(MONTH_AND_DAY, label=_("Every year up to"), required=False)
    from_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Earlier days keep the hours they had."),
    )  # fmt: skip
