"""Checks that loggers send themselves: CN 2062 (HJ 212-2025) among the recorder's messages.

`SampleRd` is what the instrument said, `StandardValue` the true value; what the logger says of the
result (`ResultType`) is not taken over: a check is judged here, by the limits that hold here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from jiulong.monitoring import following, thresholds
from jiulong.monitoring.factors import factor_of
from jiulong.monitoring.models import Factor
from jiulong.recorder.models import Message
from jiulong.upkeep.actions import Checked, receive_check

CN: Final = "2062"
CURSOR: Final = "logged-checks"
SAID, TRUE, FACTOR = "-SampleRd", "-StandardValue", "PolId"

log = logging.getLogger(__name__)


def step(now: datetime) -> bool:
    """Take over the next checks; whether there may be more. One transaction, exactly once."""
    with following.taken(CURSOR) as batches:
        if batches is None or not batches.fresh:  # also while readings are being made again
            return False
        rows = Message.objects.filter(cn=CN, batch__gt=batches.after, batch__lte=batches.upto)
        for message in rows.select_related("point").order_by("batch", "ordinal"):
            _take(message, now)
    return batches.behind


def read(content: dict[str, Any]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """(factor code, true value, measured) of a frame; what is no number is left out."""
    named = {key.removesuffix(SAID) for key in content if key.endswith(SAID)}
    for code in sorted(named):
        true, said = _number(content.get(code + TRUE)), _number(content.get(code + SAID))
        if true is not None and said is not None:
            yield code, true, said
    if content.get(FACTOR) and not named:
        true, said = _number(content.get(TRUE[1:])), _number(content.get(SAID[1:]))
        if true is not None and said is not None:
            yield str(content[FACTOR]), true, said


def _take(message: Message, now: datetime) -> None:
    if message.at > message.received_at + thresholds.CLOCK_AHEAD:
        # A check dated into the future would make everything invalid until then, for good.
        log.warning("checks in %s not taken over: dated %s", message.pk, message.at)
        return
    for code, true, said in read(message.content):
        try:
            with transaction.atomic():
                _receive(message, code, true, said, now)
        except (ValidationError, ArithmeticError, DataError) as error:
            # No limit for it, or no number that can be: the frame stays among the messages, and
            # holds up none that come after it.
            log.warning("check of %s in %s not taken over: %s", code, message.pk, error)


def _receive(message: Message, code: str, true: Decimal, said: Decimal, now: datetime) -> None:
    factor: Factor = factor_of(code)
    checked = Checked(
        kind="standard" if true > 0 else "zero", at=message.at,
        pairs=[(true * factor.scale, said * factor.scale)],
    )  # fmt: skip
    receive_check(
        point=message.point, factor=factor, checked=checked, now=now,
        frame=f"{message.batch}/{message.ordinal}",
    )  # fmt: skip


def _number(text: Any) -> Decimal | None:
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
