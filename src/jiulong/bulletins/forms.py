"""Forms of bulletins on the web. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins import kinds, queries, words
from jiulong.bulletins.actions.papers import TEXT_MAX
from jiulong.bulletins.content.naming import scheme_name
from jiulong.bulletins.models import Bulletin
from jiulong.organisation.models import User
from jiulong.pages.forms import Blaming


class DraftForm(Blaming):
    """Which kind of bulletin, about what."""

    kind = forms.ChoiceField(label=_("Kind"))
    about = forms.ChoiceField(
        label=pgettext_lazy("bulletin", "About"), required=False,
        help_text=_("Only frozen standings are announced. Packs are made on the meeting's page."),
    )  # fmt: skip
    period = forms.CharField(
        label=_("Quarter"), max_length=7, required=False,
        help_text=_("For the quarterly sheet, e.g. 2026Q1."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, viewer: User, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (key, str(one.name))
            for key, one in kinds.kinds().items()
            if one.content not in {kinds.PACK, kinds.LETTER}
        ]
        named = [
            (
                f"scorecards.standing/{one.pk}",
                f"{scheme_name(one.scheme)} {words.period(one.period)}",
            )
            for one in queries.announceable(viewer)
        ]
        wanted = str((data.get("about") if data else "") or (initial or {}).get("about") or "")
        if wanted and wanted not in dict(named):
            named.append((wanted, wanted))
        self.fields["about"].choices = [("", _t("–")), *named]  # type: ignore[attr-defined]

    @property
    def subject(self) -> tuple[str, str]:
        """Label and primary key of what it is about; of a sheet, its quarter."""
        if self.cleaned_data["period"]:
            return "period", self.cleaned_data["period"]
        label, _slash, pk = self.cleaned_data["about"].rpartition("/")
        return label, pk


class WordsForm(Blaming):
    """Title, addressee and the paragraphs of each part: an empty line parts paragraphs."""

    title = forms.CharField(label=pgettext_lazy("bulletin", "Title"), max_length=200)
    to = forms.CharField(label=pgettext_lazy("bulletin", "To"), max_length=200, required=False)
    copies = forms.CharField(
        label=pgettext_lazy("bulletin", "Copies"), max_length=300, required=False
    )
    by_hand = forms.CharField(
        label=_("Source of figures typed by hand"), max_length=300, required=False,
        help_text=_("Figures that quote nothing are refused until their source is said."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, bulletin: Bulletin) -> None:
        self.bulletin = bulletin
        told = bulletin.content
        initial = {
            "title": bulletin.title, "to": told.get("to"), "copies": told.get("copies"),
            "by_hand": bulletin.by_hand, "version": bulletin.version,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        for place, section in enumerate(told["sections"]):
            name = section["heading"] or _t("Part %(n)d") % {"n": place + 1}
            self.fields[f"heading_{place}"] = forms.CharField(
                label=_t("Heading"), max_length=200, required=False, initial=section["heading"]
            )
            self.fields[f"text_{place}"] = forms.CharField(
                label=name, required=False, max_length=TEXT_MAX * 4,
                initial="\n\n".join(section["paragraphs"]),
                widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
            )  # fmt: skip

    @property
    def words(self) -> dict[str, Any]:
        """As `edit_bulletin` takes them."""
        given = self.cleaned_data
        sections = [
            {
                "heading": given[f"heading_{place}"],
                "paragraphs": given[f"text_{place}"].replace("\r\n", "\n").split("\n\n"),
            }
            for place in range(len(self.bulletin.content["sections"]))
        ]
        return {
            "title": given["title"], "to": given["to"], "copies": given["copies"],
            "by_hand": given["by_hand"], "sections": sections,
        }  # fmt: skip


class ReasonForm(Blaming):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )  # fmt: skip


class FormForm(Blaming):
    """A .docx of the office."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    file = forms.FileField(
        label=_("File (.docx)"), help_text=_("Placeholders are listed below; faults are named.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (key, str(one.name)) for key, one in kinds.kinds().items()
        ]
