"""Forms of the gateway's pages. What is allowed stands in `actions`; forms only carry it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

import hj212
from jiulong.gateway.actions.loggers import CRC_MODES
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Point
from jiulong.monitoring.words import chinese, point_title
from jiulong.pages.forms import Blaming

#: What stands where an MN would in the addresses of `urls.py`.
TAKEN = frozenset({"new", "unregistered"})
#: Parameters of one order; the data segment of a frame holds 1,024 bytes.
PARAMETERS_LENGTH = 2000

CRC_LABELS = {
    "auto": _("Accept the standard's and the Modbus variants"),
    "strict": _("Only the standard's"),
    "ignore": _("Accept any"),
}


def profile_choices() -> list[tuple[str, str]]:
    """The protocol profiles by their names in the reader's language."""
    return [(key, one.zh if chinese() else one.en) for key, one in hj212.PROFILES.items()]


class LoggerForm(Blaming):
    """A logger's settings."""

    mn = forms.CharField(label=_("MN"), max_length=40)
    point = forms.ModelChoiceField(
        label=_("Point"),
        queryset=Point.objects.select_related("outfall__enterprise").prefetch_related("loggers"),
        to_field_name="code",
    )
    password = forms.CharField(
        label=_("Password (PW)"), max_length=20, required=False, strip=False,
        help_text=_("As set in the logger. Loggers send it in clear text."),
    )  # fmt: skip
    profile = forms.ChoiceField(label=_("Protocol"), choices=profile_choices, initial="2017")
    addresses = forms.CharField(
        label=_("Allowed networks"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One network a line, e.g. 10.8.0.0/16; empty allows any."),
    )  # fmt: skip
    crc_mode = forms.ChoiceField(
        label=_("Checksum"), choices=[(mode, CRC_LABELS[mode]) for mode in CRC_MODES],
        initial="auto",
    )  # fmt: skip
    time_label = forms.ChoiceField(label=_("Intervals are dated at"),
                                   choices=Logger.TimeLabel.choices)  # fmt: skip
    key = forms.CharField(
        label=_("SM4 key"), max_length=32, required=False,
        help_text=_("32 hexadecimal digits, for loggers of HJ 212-2025 on open networks."),
    )  # fmt: skip
    greet = forms.BooleanField(label=_("Set clock and intervals when it connects"), required=False)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(
        self, *args: Any, fixed_mn: bool = False, keeps: bool = False, **kwargs: Any
    ) -> None:
        """`fixed_mn`: the MN is given; `keeps`: empty secrets leave what is stored."""
        super().__init__(*args, **kwargs)
        self.keeps = keeps
        point = self.fields["point"]
        point.label_from_instance = point_label  # type: ignore[attr-defined]
        if fixed_mn:
            del self.fields["mn"]
        if keeps:
            for name in ("password", "key"):
                self.fields[name].help_text = _("Empty: stays as it is.")
        else:
            del self.fields["active"]
        for field in self.fields.values():
            kind = field.widget
            if isinstance(kind, forms.Select):
                kind.attrs["class"] = "form-select"
            elif isinstance(kind, forms.CheckboxInput):
                kind.attrs["class"] = "form-check-input"
            else:
                kind.attrs["class"] = "form-control"

    def clean_mn(self) -> str:
        """The MN; its page must not hide another page."""
        mn: str = self.cleaned_data["mn"]
        if mn in TAKEN:
            raise ValidationError(_("This word is an address of the pages, not an MN."))
        return mn

    def settings(self) -> dict[str, Any]:
        """The cleaned fields as `actions` take them."""
        told = dict(self.cleaned_data)
        told["addresses"] = told["addresses"].split()
        if self.keeps:
            told = {name: value for name, value in told.items()
                    if value or name not in {"password", "key"}}  # fmt: skip
        return told


def point_label(point: Point) -> str:
    """A point in a select: whose, which, its code, and whether a logger speaks for it already."""
    speaking = [one.mn for one in point.loggers.all() if one.active]
    title = f"{point_title(point)} ({point.code})"
    if not speaking:
        return title
    return title + " – " + _t("has logger %(mn)s") % {"mn": ", ".join(speaking)}


def command_choices(logger: Logger) -> list[tuple[str, str]]:
    """The commands a host may send to this logger."""
    known = hj212.PROFILES[logger.profile].commands.values()
    return [
        (one.cn, f"{one.cn} {one.zh if chinese() else one.en}")
        for one in known
        if one.sender in {"host", "both"} and one.kind in {"request", "notify"}
    ]


class CommandForm(forms.Form):
    """What a logger is to do."""

    cn = forms.ChoiceField(label=_("Command"))
    parameters = forms.CharField(
        label=_("Parameters"), required=False, max_length=PARAMETERS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name=value, e.g. PolId=w01018 or BeginTime=20260101000000."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, logger: Logger, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cn"].choices = command_choices(logger)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "cn" else "form-control"

    def clean_parameters(self) -> dict[str, str]:
        """The lines as a mapping; a line without `=` is told by its number."""
        told: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["parameters"].splitlines(), 1):
            if not line.strip():
                continue
            name, equals, value = line.partition("=")
            if not equals or not name.strip():
                raise ValidationError(
                    _("Line %(number)d is not name=value: %(line)s"),
                    params={"number": number, "line": line},
                )
            told[name.strip()] = value.strip()
        return told
