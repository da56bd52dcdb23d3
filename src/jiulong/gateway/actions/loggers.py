"""Who may speak to us: loggers are registered, adopted and changed by administrators."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import hj212
from jiulong.evidence.actions import record_event
from jiulong.gateway.actions.quarantine import Replay, replay_frames
from jiulong.gateway.channels import LOGGERS, notify
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require

CRC_MODES: Final = ("auto", "strict", "ignore")
#: What an administrator may change. MN is the logger's identity: another MN is another logger.
CHANGEABLE: Final = frozenset(
    {
        "point",
        "password",
        "addresses",
        "profile",
        "crc_mode",
        "time_label",
        "key",
        "greet",
        "active",
    }
)
#: Recorded as changed, never as what they were or are: whoever reads events may not know them.
SECRETS: Final = frozenset({"password", "key"})

_MN = re.compile(r"[0-9A-Za-z_\-]{1,40}")  # HJ 212-2017: 24 hex digits; the wild: anything like it
_PASSWORD = re.compile(r"[^;,=&#\s]{0,20}")  # the separators of a frame cannot travel in PW
_KEY = re.compile(r"(?:[0-9a-fA-F]{32})?")  # SM4: 16 bytes


def register_logger(
    *,
    actor: Viewer,
    mn: str,
    point: Point,
    password: str,
    profile: str = "2017",
    addresses: Iterable[str] = (),
    crc_mode: str = "auto",
    time_label: str = Logger.TimeLabel.START,
    key: str = "",
    greet: bool = False,
    now: datetime | None = None,
) -> Logger:
    """Let the data logger `mn` speak for `point` from now on.

    Raises:
        PermissionDenied: the actor's role lacks `edit_logger`.
        ValidationError: by field; among them an MN that is registered already.
    """
    user = require(actor, "edit_logger")
    logger = Logger(
        mn=mn, point=point, password=password, profile=profile, addresses=list(addresses),
        crc_mode=crc_mode, time_label=time_label, key=key, greet=greet,
        registered_at=now or timezone.now(),
    )  # fmt: skip
    return _enter(logger, user, "register_logger")


def adopt_logger(
    *,
    actor: Viewer,
    mn: str,
    point: Point,
    password: str,
    now: datetime | None = None,
    **settings: Any,
) -> tuple[Logger, Replay]:
    """Register a logger that already knocks, and take in what was quarantined of it.

    Further settings as `register_logger`. Frames that still fail (another password, say) stay in
    quarantine; the `Replay` counts both. The logger is committed before its frames are taken in,
    batch by batch, as `replay_quarantine` does; what breaks off there can be replayed.

    Raises:
        PermissionDenied: the actor's role lacks `adopt_logger`.
        ValidationError: by field, as `register_logger`.
    """
    user = require(actor, "adopt_logger")
    at = now or timezone.now()
    settings["addresses"] = list(settings.get("addresses", ()))
    logger = Logger(mn=mn, point=point, password=password, registered_at=at, **settings)
    _enter(logger, user, "adopt_logger")
    return logger, replay_frames(user=user, logger=logger, ids=None, now=at)


def _enter(logger: Logger, user: User, verb: str) -> Logger:
    with transaction.atomic():
        _check(logger)
        logger.save(force_insert=True)
        data = {name: _told(logger, name) for name in sorted(CHANGEABLE - SECRETS)}
        record_event(actor=user, verb=verb, subject=logger, data={"mn": logger.mn, **data})
        notify(LOGGERS)
    return logger


def update_logger(*, actor: Viewer, logger: Logger, **changes: Any) -> Logger:
    """Change what `CHANGEABLE` names. Frames are judged by it from the next reload on (≪ 1 s).

    A key that was replaced is kept to read what the journal has from before.

    Raises:
        PermissionDenied: the actor's role lacks `edit_logger`.
        ValidationError: by field.
        TypeError: a field that cannot be changed.
    """
    user = require(actor, "edit_logger")
    if unknown := set(changes) - CHANGEABLE:
        raise TypeError(f"update_logger cannot change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        # Locked so that two administrators' events tell before and after truly.
        current = Logger.objects.select_for_update().get(pk=logger.pk)
        before = {name: _told(current, name) for name in changes}
        secrets = {name: getattr(current, name) for name in SECRETS & set(changes)}
        current.former_keys = current.keys_before(changes.get("key", current.key))
        for name, value in changes.items():
            setattr(current, name, list(value) if name == "addresses" else value)
        _check(current)
        told: dict[str, Any] = {
            name: [before[name], _told(current, name)]
            for name in changes
            if name not in SECRETS and before[name] != _told(current, name)
        }
        told |= {
            name: "changed" for name, value in secrets.items() if value != getattr(current, name)
        }
        if told:
            changed = {*changes, "former_keys"}
            if "password" in told:
                # What the logger was told to use before no longer lets anybody in.
                current.password_since = timezone.now()
                changed.add("password_since")
            current.save(update_fields=sorted(changed))
            record_event(actor=user, verb="update_logger", subject=current, data=told)
            notify(LOGGERS)
    return current


def _told(logger: Logger, name: str) -> Any:
    """A field as an event tells it."""
    return logger.point.code if name == "point" else getattr(logger, name)


def _check(logger: Logger) -> None:
    """Everything that would make a logger unusable, by field."""
    errors: dict[str, str] = {}
    if not _MN.fullmatch(logger.mn):
        errors["mn"] = _("An MN has 1 to 40 letters, digits, - or _.")
    if not _PASSWORD.fullmatch(logger.password):
        errors["password"] = _("A password has at most 20 characters, none of ; , = & # or space.")
    if logger.profile not in hj212.PROFILES:
        errors["profile"] = _("Known profiles: %s") % ", ".join(hj212.PROFILES)
    if logger.crc_mode not in CRC_MODES:
        errors["crc_mode"] = _("Known checksum modes: %s") % ", ".join(CRC_MODES)
    if not _KEY.fullmatch(logger.key):
        errors["key"] = _("An SM4 key has 32 hexadecimal digits.")
    for address in logger.addresses:
        try:
            ipaddress.ip_network(address)
        except ValueError as error:
            errors["addresses"] = _("Not a network: %s") % error
    if errors:
        raise ValidationError(errors)
    logger.full_clean(exclude={"password"})  # empty is a password too: some loggers send none
