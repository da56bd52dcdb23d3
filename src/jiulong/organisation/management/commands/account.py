"""`jiulong account`: the accounts of a site, from its command line."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jiulong.organisation import actions
from jiulong.organisation.login import locked
from jiulong.organisation.models import Unit, User


class Command(BaseCommand):
    help = "Make and list accounts, set a password, close, open or unlock an account."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make an account; asks for the password")
        create.add_argument("username")
        create.add_argument(
            "--role", default=User.Role.ADMINISTRATOR, help="code of a role, e.g. security, officer"
        )
        create.add_argument("--unit", help="code of the unit; an enterprise account needs its own")
        create.add_argument("--name", default="", help="as pages and records show it")
        create.add_argument(
            "--temporary", action="store_true", help="the password must be changed at once"
        )
        verbs.add_parser("list", help="list accounts")
        for verb, text in (
            ("password", "set a password; asks for it"),
            ("close", "let nobody in with this account"),
            ("open", "let them in again"),
            ("unlock", "let them in again after too many wrong passwords"),
        ):
            verbs.add_parser(verb, help=text).add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, "_" + options["verb"])(options)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error

    def _create(self, options: dict[str, Any]) -> None:
        actions.create_user(
            actor=None,
            username=options["username"],
            password=_password(),
            role=options["role"],
            unit=_unit(options["unit"]) if options["unit"] else None,
            name=options["name"],
            temporary=options["temporary"],
        )

    def _list(self, _options: dict[str, Any]) -> None:
        for user in User.objects.select_related("unit").order_by("username"):
            state = _("closed") if not user.is_active else _("locked") if locked(user) else ""
            self.stdout.write(f"{user.username}\t{user.role}\t{user.unit or ''}\t{state}".rstrip())

    def _password(self, options: dict[str, Any]) -> None:
        actions.set_password(actor=None, user=_user(options), password=_password())

    def _close(self, options: dict[str, Any]) -> None:
        actions.update_user(actor=None, user=_user(options), is_active=False)

    def _open(self, options: dict[str, Any]) -> None:
        actions.update_user(actor=None, user=_user(options), is_active=True)

    def _unlock(self, options: dict[str, Any]) -> None:
        actions.unlock_user(actor=None, user=_user(options))


def _password() -> str:
    """Typed unseen and twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(_("Password") + ": ")
    if getpass.getpass(_("Once more") + ": ") != first:
        raise CommandError(_("The two do not agree."))
    return first


def _user(options: dict[str, Any]) -> User:
    name = options["username"]
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(_("There is no account %(name)s.") % {"name": name}) from None


def _unit(code: str) -> Unit:
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist:
        raise CommandError(_("There is no unit %(code)s.") % {"code": code}) from None
