"""Forms of the contest. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import User
from jiulong.pages.forms import Blaming
from jiulong.scorecards.actions.standings.adjusting import Upload
from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.models import Dispute, Subject
from jiulong.scorecards.standing_specs import Fact


class Files(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class Proof(forms.FileField):
    """Files that prove something; cleaned to a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [one for each in given if (one := super(Proof, self).clean(each, initial))]


def uploads(form: forms.Form, name: str = "proof") -> list[Upload]:
    """(name, content) of the files of a valid form."""
    return [(one.name, one.read()) for one in form.cleaned_data.get(name) or ()]


class WhatIfForm(forms.Form):
    """Another value for one of the subject's observations."""

    of = forms.ChoiceField(label=_("Value of"), choices=())
    value = forms.DecimalField(
        label=_("would be"), max_digits=24, decimal_places=6, required=False,
        help_text=_("Empty: as it is; you see what would gain a rank."),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, rows: Sequence[Row], labels: Mapping[str, Name], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        language = get_language() or "zh"
        self.known = {f"{row.indicator} {row.period}": row for row in rows}
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            (key, _line(row, labels, language)) for key, row in self.known.items()
        ]

    @property
    def chosen(self) -> Row:
        """The observation that is tried."""
        return self.known[self.cleaned_data["of"]]

    @property
    def tried(self) -> Decimal:
        """Its value in the trial."""
        given = self.cleaned_data["value"]
        return self.chosen.value if given is None else Decimal(given)


def _line(row: Row, labels: Mapping[str, Name], language: str) -> str:
    label = labels.get(row.indicator)
    shown = label.show(language) if label else row.indicator
    return f"{shown} · {row.period} · {row.value.normalize():f}"


class DisputeForm(Blaming):
    """An objection to one's own row."""

    criterion = forms.ChoiceField(label=_("About"), choices=(), required=False)
    claim = forms.CharField(
        label=_("What is wrong, and what is right"),
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}), max_length=2000,
    )  # fmt: skip
    proof = Proof(label=_("Proof"), required=False, help_text=_("Pictures, PDF, Word, Excel."))

    def __init__(self, *args: Any, criteria: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", _("The whole row"))
        self.fields["criterion"].choices = [whole, *criteria]  # type: ignore[attr-defined]


class AnswerForm(Blaming):
    """The answer to an objection, with the revised value where it is upheld."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[(Dispute.State.UPHELD, _("Upheld")), (Dispute.State.REJECTED, _("Rejected"))],
    )
    observation = forms.ChoiceField(
        label=_("Value to be revised"), choices=(), required=False,
        help_text=_("The old value stays in its history; the answer is the reason."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=_("Right value"), max_digits=24, decimal_places=6, required=False
    )
    answer = forms.CharField(
        label=_("Words of the answer"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}), max_length=2000,
    )  # fmt: skip

    def __init__(self, *args: Any, observations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _("None is revised"))
        self.fields["observation"].choices = [none, *observations]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = dict(super().clean() or {})
        if bool(found.get("observation")) != (found.get("value") is not None):
            self.add_error("value", _("Choose the value and say what is right, or neither."))
        return found


class MaterialForm(Blaming):
    """Files for the judges of one number."""

    alias = forms.ChoiceField(label=_("Who is judged"))
    material = Proof(label=_("Files"))

    def __init__(self, *args: Any, aliases: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alias"] = forms.ChoiceField(label=_("Who is judged"), choices=aliases)


class AdjustmentForm(Blaming):
    """A bonus, a deduction or a veto."""

    criterion = forms.ChoiceField(label=_("What"), choices=())
    subject = forms.ModelChoiceField(label=_("Of whom"), queryset=Subject.objects.none())
    period = forms.CharField(label=_("Period"), max_length=7, help_text=_("Such as 2026-03."))
    amount = forms.DecimalField(
        label=_("How many"), max_digits=12, decimal_places=4, initial=1,
        help_text=_("Times the points of one; 1 for a veto."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300)
    ref = forms.CharField(
        label=_("Case, circular or commendation"), max_length=120, required=False,
        help_text=_("Its number; or add a file."),
    )  # fmt: skip
    proof = Proof(label=_("Proof"), required=False)

    def __init__(
        self, *args: Any, facts: Mapping[str, Fact], subjects: QuerySet[Subject], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            (key, f"{fact.name} ({fact.each})" if fact.each else str(fact.name))
            for key, fact in facts.items()
        ]
        self.fields["subject"].queryset = subjects  # type: ignore[attr-defined]


class WhyForm(Blaming):
    """Words that an action asks for."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class PanelForm(Blaming):
    """Judges of a criterion."""

    criterion = forms.ChoiceField(label=_("Criterion"), choices=())
    period = forms.CharField(label=_("Period"), max_length=7, help_text=_("Such as 2026-03."))
    group = forms.ChoiceField(label=_("Group"), choices=())
    blind = forms.BooleanField(label=_("Judges read numbers instead of names"), required=False)
    closes_at = forms.DateTimeField(
        label=_("Closes"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}),
    )
    judges = forms.ModelMultipleChoiceField(
        label=_("Judges"), queryset=User.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 12, "class": "form-select"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, criteria: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]],
        judges: QuerySet[User], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = criteria  # type: ignore[attr-defined]
        self.fields["group"].choices = groups  # type: ignore[attr-defined]
        self.fields["judges"].queryset = judges  # type: ignore[attr-defined]


class ScoreForm(Blaming):
    """A judge's marks for one subject."""

    value = forms.DecimalField(label=_("Marks"), max_digits=8, decimal_places=2, min_value=0)
    reason = forms.CharField(label=_("Remark"), max_length=300, required=False)
