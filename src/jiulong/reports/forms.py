"""Forms of accounts. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.organisation.models import Unit
from jiulong.reports.actions import WORDS_MAX
from jiulong.reports.models import Report
from jiulong.reports.sections import SECTIONS


class DraftForm(forms.Form):
    """Which time, and of what."""

    kind = forms.ChoiceField(
        label=_("Account of a"), choices=Report.Kind.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    day = forms.DateField(
        label=pgettext_lazy("account", "Month"), input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        help_text=_("Of a year any month of it."),
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label=_("Street or town"), queryset=Unit.objects.none(), required=False,
        empty_label=_("The whole district"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, *args: Any, areas: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """What the author says of each section."""

    number = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, data: QueryDict | None, *, report: Report) -> None:
        texts = {f"text_{key}": text for key, text in report.texts.items()}
        super().__init__(data, initial={"number": report.number, **texts})
        for section in SECTIONS:
            self.fields[f"text_{section.key}"] = forms.CharField(
                label=str(section.title), required=False, max_length=WORDS_MAX,
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
            )  # fmt: skip

    @property
    def texts(self) -> dict[str, str]:
        """By section."""
        given = self.cleaned_data
        return {section.key: given[f"text_{section.key}"] for section in SECTIONS}


class ShowForm(forms.Form):
    """From when on the public may see an outfall; empty: not at all."""

    since = forms.DateField(
        label=_("Public since"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Days before this are not shown; empty: the outfall is not shown at all."),
    )  # fmt: skip

    @property
    def day(self) -> date | None:
        day: date | None = self.cleaned_data["since"]
        return day
