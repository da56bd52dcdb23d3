"""Telling loggers to do something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import hj212
from jiulong.evidence.actions import record_event
from jiulong.gateway.channels import COMMANDS, notify
from jiulong.gateway.models import Command, Logger
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require

#: States in which a command's end is not known yet.
OPEN: Final = frozenset(
    {Command.State.QUEUED, Command.State.SENT, Command.State.ACCEPTED, Command.State.REPLIED}
)
#: Parameters that no event, step or page may show.
SECRET_PARAMETERS: Final = frozenset({"NewPW", "NewSK", "PW"})
#: System code of our requests until the logger's own frames have told us its (HJ 212-2017 §6.6.2).
DEFAULT_ST: Final[Mapping[str, str]] = {"surface-water": "21"}
WASTEWATER_ST: Final = "32"


def order_command(
    *,
    actor: Viewer,
    logger: Logger,
    cn: str,
    parameters: Mapping[str, str] | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> Command:
    """Queue a command; the gateway sends it when the logger is connected and free.

    Raises:
        PermissionDenied: the actor's role lacks `command_logger`.
        ValidationError: the logger is off, its profile has no such command or wants other
            parameters, or the same actuator command is still under way.
    """
    user = require(actor, "command_logger")
    return queue_command(
        user=user, logger=logger, cn=cn, parameters=parameters or {}, reason=reason,
        now=now or timezone.now(),
    )  # fmt: skip


def queue_command(
    *,
    user: User | None,
    logger: Logger,
    cn: str,
    parameters: Mapping[str, str],
    reason: str,
    now: datetime,
) -> Command:
    """`order_command` without asking whether the user may; no user: the gateway itself."""
    with transaction.atomic():
        # Locked so that QNs of one logger rise and two orders of one actuator see each other.
        locked = Logger.objects.select_for_update().get(pk=logger.pk)
        qn = _next_qn(locked, now)
        _check(locked, cn, parameters, qn)
        command = Command.objects.create(
            logger=locked, cn=cn, parameters=dict(parameters), qn=qn, ordered_by=user,
            reason=reason, created_at=now, updated_at=now,
        )  # fmt: skip
        data = {"mn": locked.mn, "cn": cn, "parameters": told(parameters), "reason": reason}
        record_event(actor=user, verb="order_command", subject=command, data=data, at=now)
        notify(COMMANDS, str(command.pk))
    return command


def told(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as others than the logger may see them."""
    return {key: "******" if key in SECRET_PARAMETERS else v for key, v in parameters.items()}


def _next_qn(logger: Logger, now: datetime) -> str:
    last = logger.commands.order_by("-qn").values_list("qn", flat=True).first()
    return hj212.QnGenerator(last or "").next(now)


def _check(logger: Logger, cn: str, parameters: Mapping[str, str], qn: str) -> None:
    if not logger.active:
        raise ValidationError(_("Logger %s is switched off.") % logger.mn)
    try:
        wire(logger.profile, cn, parameters, qn=qn, pw=logger.password, mn=logger.mn)
    except hj212.EncodeError as error:
        raise ValidationError(_("Not a command for this logger: %s") % error) from error
    once = hj212.PROFILES[logger.profile].commands[cn].at_most_once
    if once and logger.commands.filter(cn=cn, state__in=OPEN).exists():
        raise ValidationError(_("Command %s to this logger is still under way.") % cn)


def wire(
    profile: hj212.Profile | str,
    cn: str,
    parameters: Mapping[str, str],
    *,
    qn: str,
    pw: str,
    mn: str,
    st: str = "",
) -> list[bytes]:
    """The frames of a request. Parameters `factor-Attribute` go to their factor.

    Raises:
        hj212.EncodeError: the profile has no such command, or it wants other parameters.
    """
    used = hj212.PROFILES[profile] if isinstance(profile, str) else profile
    return hj212.request(
        cn, dict(parameters), profile=used, qn=qn, pw=pw, mn=mn,
        st=st or DEFAULT_ST.get(used.name, WASTEWATER_ST),
    )  # fmt: skip
