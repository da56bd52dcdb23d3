"""Events of samples in words, for the page and the dossier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence.models import Event
from jiulong.sampling.models import Bottle, Sample
from jiulong.sampling.words import LABORATORY

#: What happened, by verb of the event.
VERBS: Final[Mapping[str, str | Promise]] = {
    "order_sample": _("Ordered the sample"),
    "confirm_sample": _("Confirmed the order"),
    "reject_sample": _("Rejected the order"),
    "expire_sample": _("Nobody confirmed in time"),
    "fill_sample": _("Bottle filled"),
    "fail_sample": _("No sample was taken"),
    "lose_sample": _("No answer: what happened is not known"),
    "look_at_sample": _("Looked what had happened"),
    "seal_sample": _("Sealed the bottle"),
    "collect_sample": _("Took the bottle out of the cabinet"),
    "cosign_sample": _("Signed as second officer"),
    "hand_over_sample": _("Handed over to the laboratory"),
    "discard_sample": _("Discarded"),
    "receive_sample": _("Received in the laboratory"),
    "enter_result": _("Entered a result"),
    "dispose_sample": _("Disposed of the rest"),
    "set_sampler": _("Set up a sampler"),
    "renew_bottles": _("Put clean bottles in"),
    "promise_draw": _("Promised a random draw"),
    "take_draw": _("Took a random draw"),
    "hold_draw": _("Drawn, but held back"),
    "hold_back_sample": _("An order of a rule is held back"),
}
#: What a photograph or file is for.
PURPOSES: Final[dict[str, str | Promise]] = {
    "cabinet": pgettext_lazy("purpose of a file", "Cabinet and bottle"),
    "seal": pgettext_lazy("purpose of a file", "Seal"),
    "witness": pgettext_lazy("purpose of a file", "Sealing without witness"),
    "report": pgettext_lazy("purpose of a file", "Laboratory report"),
}
LABELS: Final[Mapping[str, str | Promise]] = {
    "reason": _("Reason"),
    "note": pgettext_lazy("of an action", "Note"),
    "bottle": _("Bottle"),
    "was": _("We held this place for"),
    "device_at": _("Device's time"),
    "seal_number": _("Seal number"),
    "certificate": _("Certificate"),
    "witness": _("Witness"),
    "witness_name": _("Name"),
    "refusal": _("Why nobody signed"),
    "laboratory": LABORATORY,
    "temperature_c": _("Temperature ℃"),
    "factor": _("Factor"),
    "value": _("Value"),
    "method": _("Method"),
    "report": _("Report"),
    "number": _("Number"),
    "online": _("Online value"),
    "allowed": _("Allowed difference"),
    "purpose": _("Purpose"),
    "trigger": pgettext_lazy("of a sample", "Trigger"),
}


def tell(event: Event) -> tuple[str, str]:
    """What happened, and what was said about it."""
    words = [_said(key, value) for key, value in event.data.items() if key in LABELS]
    data = event.data
    if data.get("agrees") is False:
        words.append(_t("beyond the comparison limits"))
    if data.get("in_time") is False:
        words.append(_t("after the hold time"))
    if data.get("intact") is False:
        words.append(_t("seal broken"))
    return str(VERBS.get(event.verb, event.verb)), " · ".join(words)


def _said(key: str, value: Any) -> str:
    known: dict[str, Any] = {
        "trigger": dict(Sample.Trigger.choices),
        "purpose": dict(Sample.Purpose.choices),
        "witness": dict(Sample.Witness.choices),
        "was": dict(Bottle.State.choices),
    }.get(key, {})
    if key == "device_at" and (at := parse_datetime(str(value))) is not None:
        value = timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")
    return f"{LABELS[key]}: {known.get(value, value)}"
