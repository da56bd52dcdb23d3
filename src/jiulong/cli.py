"""The `jiulong` command: Django's commands, with a database under them.

Commands that read or write the database get the embedded PostgreSQL unless JIULONG_DATABASE_URL
names another; commands that do not need one start without it.
"""

from __future__ import annotations

import os
import secrets
import sys

#: Commands that never touch the database. `verify --bundle` must run where there is none.
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "makemessages",
    "compilemessages",
}


def needs_database(arguments: list[str]) -> bool:
    if not arguments or arguments[0] in WITHOUT_DATABASE or {"--help", "-h"} & set(arguments):
        return False
    if arguments[0] == "verify":
        return not any(word == "--bundle" or word.startswith("--bundle=") for word in arguments)
    if arguments[0] == "pack":  # whoever writes a pack needs no database to have it checked
        return arguments[1:2] not in (["check"], ["schema"], ["codes"])
    if arguments[0] == "simulate":  # a fleet may dial a gateway far away
        return "--register" in arguments
    # `demo` and `bench` bring a database of their own; `water` and `score` count what a file says.
    return arguments[0] not in {"demo", "bench", "water", "score"}


def is_offline(arguments: list[str]) -> bool:
    """Whether this must leave no trace on the machine: `verify --bundle`, `water`, `score`."""
    return arguments[:1] in (["verify"], ["water"], ["score"]) and not needs_database(arguments)


def main(argv: list[str] | None = None) -> None:
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    if needs_database(arguments) and "JIULONG_DATABASE_URL" not in os.environ:
        from jiulong import embedded  # noqa: PLC0415 - psutil and the wheel only when needed

        os.environ["JIULONG_DATABASE_URL"] = embedded.start(embedded.default_directory()).url
    if arguments[:1] == ["demo"] and not {"--help", "-h"} & set(arguments):
        from jiulong.demo.house import move_in  # noqa: PLC0415 - before the settings are read

        move_in()
    if is_offline(arguments):  # or the settings would make var/ and a secret key in it
        os.environ.setdefault("JIULONG_SECRET_KEY", secrets.token_urlsafe())
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["jiulong", *arguments])
