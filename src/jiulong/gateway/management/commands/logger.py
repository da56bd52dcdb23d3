"""`jiulong logger …`: loggers, their quarantine and their commands, without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from jiulong.gateway import actions, queries
from jiulong.gateway.channels import COMMAND_STEPS
from jiulong.gateway.models import Command as Order
from jiulong.gateway.models import CommandStep
from jiulong.monitoring.models import Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import may

#: Verb that each sub-command needs; it also chooses who acts when `--as` is not given.
VERBS: Final = {
    "list": "see_all",
    "add": "edit_logger",
    "adopt": "adopt_logger",
    "quarantine": "see_raw",
    "command": "command_logger",
}
#: Seconds to wait for one notification before looking again: a gateway may write while we are deaf.
_LOOK_S: Final = 1.0


class Command(BaseCommand):
    help = "List, add, adopt and command data loggers; see what was refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME",
            help="who acts; without it the longest-standing active account that may",
        )  # fmt: skip
        sub = parser.add_subparsers(dest="what", required=True, parser_class=CommandParser)
        listing = sub.add_parser("list", help="registered loggers, then those that only knock")
        listing.add_argument("--text", default="", help="part of MN, point or enterprise")
        for name, help_ in (("add", "register a logger"), ("adopt", "register one that knocks")):
            self._add_registration(sub.add_parser(name, help=help_))
        refused = sub.add_parser("quarantine", help="refused frames, the last first")
        refused.add_argument("mn", nargs="?", default="")
        refused.add_argument("--limit", type=int, default=20)
        refused.add_argument("--replay", action="store_true", help="judge MN's frames again")
        order = sub.add_parser("command", help="tell a logger to do something and watch")
        order.add_argument("mn")
        order.add_argument("cn", help="command number, e.g. 3015")
        order.add_argument("parameters", nargs="*", metavar="key=value")
        order.add_argument("--reason", default="")
        order.add_argument("--no-wait", action="store_true", help="do not watch the dialogue")

    def _add_registration(self, parser: ArgumentParser) -> None:
        parser.add_argument("mn")
        parser.add_argument("point", help="code of its monitoring point")
        parser.add_argument("password")
        parser.add_argument("--profile", default="2017")
        parser.add_argument("--address", action="append", default=[], help="network, CIDR")
        parser.add_argument("--crc", default="auto", choices=["auto", "strict", "ignore"])
        parser.add_argument("--time-label", default="start", choices=["start", "end"])
        parser.add_argument("--key", default="", help="SM4 key, 32 hexadecimal digits")
        parser.add_argument("--greet", action="store_true", help="set it up when it connects")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        what: str = options["what"]
        actor = _actor(options["username"], VERBS[what])
        try:
            getattr(self, f"_{what}")(actor, options)
        except ValidationError as error:
            raise CommandError("; ".join(_words(error))) from error
        except PermissionDenied as error:
            raise CommandError(f"{actor.username} may not {error}") from error
        except ObjectDoesNotExist as error:
            raise CommandError(f"not found: {error}") from error

    # -- sub-commands ---------------------------------------------------------------------------

    def _list(self, actor: User, options: dict[str, Any]) -> None:
        for logger in queries.loggers(actor, text=options["text"]):
            state = "active" if logger.active else "off"
            self._say(logger.mn, logger.profile, state, logger.point.code, logger.point.name)
        for stranger in queries.unregistered(actor):
            last = stranger.last_at.isoformat(timespec="seconds")
            self._say(stranger.mn, "unregistered", f"{stranger.frames} frames", last, stranger.peer)

    def _add(self, actor: User, options: dict[str, Any]) -> None:
        logger = actions.register_logger(actor=actor, **_registration(options))
        self._say(logger.mn, "registered")

    def _adopt(self, actor: User, options: dict[str, Any]) -> None:
        logger, replay = actions.adopt_logger(actor=actor, **_registration(options))
        self._say(logger.mn, "adopted", f"{replay.taken} taken in", f"{replay.left} left")

    def _quarantine(self, actor: User, options: dict[str, Any]) -> None:
        if options["replay"]:
            replay = actions.replay_quarantine(actor=actor, mn=options["mn"])
            self._say(options["mn"], f"{replay.taken} taken in", f"{replay.left} left")
            return
        for frame in queries.quarantined(actor, mn=options["mn"])[: options["limit"]]:
            at = frame.received_at.isoformat(timespec="milliseconds")
            text = bytes(frame.raw).decode("ascii", "backslashreplace").rstrip()
            self._say(at, frame.reason, frame.mn, frame.peer, text)

    def _command(self, actor: User, options: dict[str, Any]) -> None:
        command = actions.order_command(
            actor=actor,
            logger=queries.logger(actor, options["mn"]),
            cn=options["cn"],
            parameters=dict(_pair(text) for text in options["parameters"]),
            reason=options["reason"],
        )
        self._say(command.pk, command.qn, command.state)
        if not options["no_wait"]:
            for step in _steps(command):
                at = step.at.isoformat(timespec="milliseconds")
                text = queries.without_passwords(step.text)
                self._say(at, step.state, {"out": ">", "in": "<"}.get(step.direction, "·"), text)
            command.refresh_from_db()
            reply = json.dumps(command.reply, ensure_ascii=False) if command.reply else ""
            self._say(command.state, command.result, reply)
            if command.state != Order.State.DONE:
                raise CommandError(f"{command.cn} ended {command.state}")

    def _say(self, *words: object) -> None:
        self.stdout.write("  ".join(str(word) for word in words if word != ""))
        self.stdout.flush()


def _registration(options: dict[str, Any]) -> dict[str, Any]:
    return {
        "mn": options["mn"],
        "point": Point.objects.get(code=options["point"]),
        "password": options["password"],
        "profile": options["profile"],
        "addresses": options["address"],
        "crc_mode": options["crc"],
        "time_label": options["time_label"],
        "key": options["key"],
        "greet": options["greet"],
    }


def _actor(username: str | None, verb: str) -> User:
    """Who acts. Whoever may run this may read the database; the account is for the record."""
    if username is not None:
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(f"no account {username}") from None
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if may(user, verb):
            return user
    raise CommandError(f"no account may {verb}; make one, or name one with --as")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise CommandError(f"parameters are key=value, not {text!r}")
    return key, value


def _words(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()]
    return list(error.messages)


def _steps(command: Order) -> Iterator[CommandStep]:
    """The steps of a dialogue as they come, until it has ended."""
    connection.ensure_connection()
    driver: Any = connection.connection
    driver.execute(f"LISTEN {COMMAND_STEPS}")
    seen = 0
    try:
        while True:
            # The state before the steps: a step that ends the dialogue is then never missed.
            state = Order.objects.values_list("state", flat=True).get(pk=command.pk)
            for step in CommandStep.objects.filter(command=command, pk__gt=seen).order_by("pk"):
                seen = step.pk
                yield step
            if state not in actions.commands.OPEN:
                return
            for _notice in driver.notifies(timeout=_LOOK_S, stop_after=1):
                break
    finally:
        driver.execute(f"UNLISTEN {COMMAND_STEPS}")
