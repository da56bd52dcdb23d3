"""Forms of what the desk does with what stations hand in."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.pages.forms import Blaming

TEXT_MAX: Final = 4000
REASON_MAX: Final = 400


def long_text(label: Any, *, rows: int = 3, required: bool = True, most: int = TEXT_MAX) -> Any:
    """A text of several lines."""
    area = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, required=required)


class ReviewForm(Blaming):
    """Accept or reject a mark."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", pgettext_lazy("of a mark", "Accept")),
            ("reject", pgettext_lazy("of a mark", "Reject")),
        ],
        widget=forms.RadioSelect,
    )
    reason = long_text(_("Reason"), rows=2, required=False, most=REASON_MAX)


class WithdrawForm(Blaming):
    """Take back what was handed in."""

    reason = long_text(_("Why it is withdrawn"), rows=2, most=REASON_MAX)


class AnswerForm(Blaming):
    """Answer an objection."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("upheld", pgettext_lazy("an objection", "The firm is right")),
            ("dismissed", pgettext_lazy("an objection", "Dismissed")),
        ],
        widget=forms.RadioSelect,
    )
    answer = long_text(_("Answer with reasons"))


class RestoreForm(Blaming):
    """Report a fault as restored."""

    restored_at = forms.DateTimeField(
        label=_("Measures again since"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = long_text(_("What was done"), rows=2, most=REASON_MAX)
