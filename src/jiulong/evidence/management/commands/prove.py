"""`jiulong prove READING`: one frame or event with all that leads to its seal, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jiulong.evidence import proofs, sources
from jiulong.evidence.actions import seal_now
from jiulong.evidence.checks import BadEntryError
from jiulong.evidence.keys import SealKeyError, public_keys


class Command(BaseCommand):
    help = "Export the frame behind a reading, or an event, with the proof that it is as sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "reading",
            help="point/period/time (P001/hour/2026-11-20T13:00+08:00), batch/ordinal (17/3) or "
            "event:NUMBER (event:5120)",
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="by default proof-….zip")
        parser.add_argument("--seal-now", action="store_true", help="seal it first if it is not")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._prove(options)
        except proofs.NotSealedError as error:
            raise CommandError(
                _("Batch %(batch)s is not sealed yet. Its hour is sealed when it is over; "
                  "--seal-now seals it at once.") % {"batch": error.batch}
            ) from error  # fmt: skip
        except proofs.EventNotSealedError as error:
            raise CommandError(
                _("Event %(event)s is not sealed yet. Its hour is sealed when it is over; "
                  "--seal-now seals it at once.") % {"event": error.event}
            ) from error  # fmt: skip
        except (ValueError, LookupError, SealKeyError, BadEntryError, OSError) as error:
            raise CommandError(str(error)) from error

    def _prove(self, options: dict[str, Any]) -> None:
        kind, _colon, number = options["reading"].partition(":")
        if kind == "event" and number.isdecimal():
            self._prove_event(int(number), options)
            return
        source = sources.source()
        batch, ordinal = proofs.parse(source, options["reading"])
        if options["seal_now"] and not proofs.is_sealed(batch):
            seal_now(actor=None)
        path = options["output"] or Path(f"proof-{batch}-{ordinal}.zip")
        seal = proofs.prove(
            source,
            public_keys(settings.SEAL_KEYS),
            batch=batch,
            ordinal=ordinal,
            path=path,
        )
        self.stdout.write(
            _("Frame %(ordinal)s of batch %(batch)s under seal %(seal)s: %(file)s")
            % {"ordinal": ordinal, "batch": batch, "seal": seal.number, "file": path}
        )

    def _prove_event(self, event: int, options: dict[str, Any]) -> None:
        if options["seal_now"]:
            seal_now(actor=None)
        path = options["output"] or Path(f"proof-event-{event}.zip")
        seal = proofs.prove_event(public_keys(settings.SEAL_KEYS), event=event, path=path)
        self.stdout.write(
            _("Event %(event)s under seal %(seal)s: %(file)s")
            % {"event": event, "seal": seal.number, "file": path}
        )
