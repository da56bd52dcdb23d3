"""`jiulong token`: tokens of the REST API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jiulong.api import actions
from jiulong.api.models import ApiToken
from jiulong.organisation.models import User


class Command(BaseCommand):
    help = "Make, list and revoke tokens of the REST API."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make a token and print it, once")
        create.add_argument("username", help="whose rights it has")
        create.add_argument("--name", required=True, help="what uses it")
        create.add_argument("--days", type=int, help="how long it is valid; default: for good")
        listing = verbs.add_parser("list", help="list tokens")
        listing.add_argument("username", nargs="?")
        revoke = verbs.add_parser("revoke", help="close the door to a token")
        revoke.add_argument("prefix", help="the beginning of the token, from the list")

    def handle(self, *_args: Any, **options: Any) -> None:
        {"create": self._create, "list": self._list, "revoke": self._revoke}[options["verb"]](
            options
        )

    def _create(self, options: dict[str, Any]) -> None:
        days = options["days"]
        try:
            _token, text = actions.create_token(
                actor=None,
                owner=_user(options["username"]),
                name=options["name"],
                expires_at=None if days is None else timezone.now() + timedelta(days=days),
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(text)
        self.stderr.write(_("This is the only time it is shown."))

    def _list(self, options: dict[str, Any]) -> None:
        rows = ApiToken.objects.select_related("owner")
        if options["username"]:
            rows = rows.filter(owner=_user(options["username"]))
        now = timezone.now()
        for token in rows:
            used = localtime(token.last_used_at).isoformat(" ", "minutes") if token.last_used_at \
                else _("never used")  # fmt: skip
            state = _("valid") if token.valid(now) else _("not valid")
            self.stdout.write(
                f"{token.prefix}  {token.owner.username}  {token.name}  {state}  {used}"
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        prefix = options["prefix"][: actions.PREFIX_LENGTH]
        token = ApiToken.objects.select_related("owner").filter(prefix=prefix).first()
        if token is None:
            raise CommandError(_("There is no token %(prefix)s.") % {"prefix": prefix})
        if not actions.revoke_token(actor=None, token=token):
            raise CommandError(_("This token was revoked before."))
        self.stdout.write(_("Token %(prefix)s is revoked.") % {"prefix": prefix})


def _user(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(_("There is no account %(name)s.") % {"name": username}) from None
