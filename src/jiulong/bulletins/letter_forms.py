"""Forms of responsibility letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins.kinds import ResponsibilityItem
from jiulong.bulletins.models import Letter, LetterScheme
from jiulong.bulletins.pairing_forms import Photos
from jiulong.bulletins.queries.of_letters import Clause
from jiulong.pages.forms import Blaming

YEARS = (2020, 2100)


class HandOutForm(Blaming):
    """Which letter, for which year."""

    scheme = forms.ChoiceField(label=pgettext_lazy("responsibility", "Letter"))
    year = forms.IntegerField(label=_("Year"), min_value=YEARS[0], max_value=YEARS[1])

    def __init__(
        self, data: QueryDict | None, *, schemes: Sequence[tuple[LetterScheme, ResponsibilityItem]]
    ) -> None:
        super().__init__(data, initial={"year": timezone.localdate().year})
        self.fields["scheme"].choices = [  # type: ignore[attr-defined]
            (one.pk, str(item.name)) for one, item in schemes
        ]


def _points(label: str, most: Decimal, initial: Decimal | None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=most, decimal_places=2, required=False,
        initial=initial, help_text=_t("of %(most)s") % {"most": f"{most.normalize():f}"},
    )  # fmt: skip


class AssessForm(Blaming):
    """Points and words for each indicator; what has no points is not said anything of."""

    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(
        self, data: QueryDict | None, files: MultiValueDict[str, Any] | None,
        *, letter: Letter, now: datetime,
    ) -> None:  # fmt: skip
        local = timezone.localtime(now)
        last = (local.month - 1) // 3 or 1
        super().__init__(data, files, initial={"quarter": f"{letter.year}Q{last}"})
        self.item = ResponsibilityItem.model_validate(letter.spec)
        quarters = [f"{letter.year}Q{n}" for n in (1, 2, 3, 4)]
        self.fields["quarter"].choices = [(q, q) for q in quarters]  # type: ignore[attr-defined]
        for one in self.item.indicators:
            self.fields[f"points_{one.key}"] = _points(one.text, one.points, None)
            self.fields[f"words_{one.key}"] = forms.CharField(
                label=_t("What was done"), max_length=600, required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )  # fmt: skip
        self.fields["files"] = forms.FileField(
            label=_t("Proofs"), required=False, widget=Photos(attrs={"multiple": True})
        )

    @property
    def given(self) -> dict[str, Any]:
        """As `assess_letter` takes them."""
        told = self.cleaned_data
        rows = {
            one.key: (told[f"points_{one.key}"], told[f"words_{one.key}"])
            for one in self.item.indicators
            if told[f"points_{one.key}"] is not None
        }
        return {"quarter": told["quarter"], "rows": rows}


class ScoreForm(Blaming):
    """Points and a reason for each indicator, and what struck the letter."""

    def __init__(
        self, data: QueryDict | None, files: MultiValueDict[str, Any] | None,
        *, letter: Letter, clauses: Sequence[Clause],
    ) -> None:  # fmt: skip
        super().__init__(data, files)
        self.item = ResponsibilityItem.model_validate(letter.spec)
        for clause in clauses:
            for row in clause.rows:
                one, said = row.item, row.latest
                first = said.points if said else one.points
                self.fields[f"points_{one.key}"] = _points(one.text, one.points, first)
                self.fields[f"points_{one.key}"].required = True
                self.fields[f"reason_{one.key}"] = forms.CharField(
                    label=_t("Reason"), max_length=300, required=False
                )
        for veto in self.item.vetoes:
            self.fields[f"veto_{veto.key}"] = forms.CharField(
                label=veto.text, max_length=300, required=False,
                help_text=_t("Only where it happened: what, when, by which proof."),
            )  # fmt: skip
        most = f"{self.item.second_below.normalize():f}"
        self.fields["proof"] = forms.CharField(
            label=_t("Case or circular that proves it"), max_length=120, required=False,
            help_text=_t("For a veto or fewer than %(most)s points; then a second person confirms.")
            % {"most": most},
        )  # fmt: skip
        self.fields["files"] = forms.FileField(
            label=_t("Proofs"), required=False, widget=Photos(attrs={"multiple": True})
        )

    @property
    def given(self) -> dict[str, Any]:
        """As `score_letter` takes them."""
        told = self.cleaned_data
        return {
            "rows": {
                one.key: (told[f"points_{one.key}"], told[f"reason_{one.key}"])
                for one in self.item.indicators
            },
            "vetoes": {one.key: told[f"veto_{one.key}"] for one in self.item.vetoes},
            "proof": told["proof"],
        }


class RefuseForm(Blaming):
    """Why the points that another person gave do not stand."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
