"""`jiulong seal`: seal all that is in the journal; with --export, write seals to a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiulong.evidence import bundles, sources
from jiulong.evidence.actions import seal_now
from jiulong.evidence.cli import add_range, chosen_range
from jiulong.evidence.keys import SealKeyError, public_keys
from jiulong.evidence.sealing import UnreadableBatchError


class Command(BaseCommand):
    help = "Seal all that is in the journal, or export seals with what they cover."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--export", type=Path, metavar="FILE", help="write a bundle instead of sealing"
        )
        parser.add_argument(
            "--events",
            action="store_true",
            help="with --export: the events of casework too, for who may read them",
        )
        add_range(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._export(options) if options["export"] else self._seal()
        except (UnreadableBatchError, SealKeyError, OSError) as error:
            raise CommandError(str(error)) from error

    def _seal(self) -> None:
        seals = seal_now(actor=None)
        if not seals:
            self.stdout.write(_("Nothing new to seal."))
            return
        frames = sum(seal.frames for seal in seals)
        text = ngettext(
            "Seal %(last)s made: %(frames)s frames, %(events)s events, digest %(digest)s.",
            "Seals %(first)s to %(last)s made: %(frames)s frames, %(events)s events, digest of the "
            "last %(digest)s.",
            len(seals),
        )
        self.stdout.write(
            text
            % {
                "first": seals[0].number,
                "last": seals[-1].number,
                "frames": frames,
                "events": sum(seal.events or 0 for seal in seals),
                "digest": bytes(seals[-1].digest).hex(),
            }
        )

    def _export(self, options: dict[str, Any]) -> None:
        seals = chosen_range(options).select().iterator(chunk_size=100)
        keys = public_keys(settings.SEAL_KEYS)
        path: Path = options["export"]
        events = bool(options["events"])
        count, frames = bundles.export(sources.source(), keys, seals, path, events=events)
        if not count:
            path.unlink()
            raise CommandError(_("There is no seal in this range."))
        self.stdout.write(
            _("%(seals)s seals with %(frames)s frames written to %(file)s.")
            % {"seals": count, "frames": frames, "file": path}
        )
