"""The raw frame behind a value."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

import hj212
from jiulong.monitoring import queries
from jiulong.monitoring.words import chinese, factor_name, mark_name

#: `gateway.journal.Verdict.ACCEPTED`, from the floor above. Quarantine tells of the others.
ACCEPTED = 0


def header_meaning(name: str, frame: hj212.Frame) -> str:
    """What a code in a frame's header means, where it is one (HJ 212-2017 §6.6)."""
    known = {"ST": hj212.SYSTEMS.get(frame.st), "CN": hj212.COMMANDS.get(frame.cn)}.get(name)
    if known is None:
        return ""
    return known.zh if chinese() else known.en


def frame_page(request: HttpRequest, batch: int, ordinal: int) -> HttpResponse:
    """What came over the wire: the bytes, what they say, and the seal over them."""
    try:
        frame = queries.raw_frame(request.user, batch, ordinal)
    except LookupError as error:
        raise Http404(f"{batch}/{ordinal}") from error
    context: dict[str, Any] = {"raw": frame, "accepted": frame.verdict == ACCEPTED}
    if (decoded := frame.frame) is not None:
        names = queries.factors(request.user, decoded.data)
        context |= {
            "header": [
                (name, getattr(decoded, name.lower()), header_meaning(name, decoded))
                for name in ("QN", "ST", "CN", "MN", "Flag", "PNUM", "PNO")
            ],
            "values": [
                (
                    code,
                    factor_name(names[code]) if code in names else code,
                    [(key, text, mark_name(text) if key == "Flag" else "") for key, text in
                     attributes.items()],
                )
                for code, attributes in decoded.data.items()
            ],
            "parameters": list(decoded.params.items()),
        }  # fmt: skip
    return render(request, "monitoring/frame.html", context)
