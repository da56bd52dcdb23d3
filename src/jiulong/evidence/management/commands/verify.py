"""`jiulong verify`: is everything as it was sealed? Of the database, or offline of a bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jiulong.evidence import sources, verifying
from jiulong.evidence.checks import Report
from jiulong.evidence.cli import add_range, chosen_range
from jiulong.evidence.keys import PublicKeys, SealKeyError, key_id, public_keys, read_public_key
from jiulong.evidence.offline import verify_bundle
from jiulong.evidence.verification import verify, verify_files, verify_records


class Command(BaseCommand):
    help = (
        "Check every seal, link, signature, frame and event; names the first bad entry and fails."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bundle", type=Path, metavar="FILE", help="an exported bundle or proof, offline"
        )
        parser.add_argument(
            "--public-key",
            type=Path,
            action="append",
            metavar="FILE",
            help="trust this key (PEM) only; by default those in the directory of the seal keys",
        )
        parser.add_argument(
            "--digest",
            action="append",
            default=[],
            metavar="HEX",
            help="a digest that was noted or published: its seal must be among those checked",
        )
        parser.add_argument(
            "--files", action="store_true", help="also read every kept file and compare its hash"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_range(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            keys = _keys(options["public_key"])
            if options["bundle"]:
                report = verify_bundle(options["bundle"], keys, sources.source())
            else:
                report = verify(
                    sources.source(), keys, chosen_range(options), memory=settings.SEAL_KEYS
                )
        except (SealKeyError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        if not options["bundle"]:
            verify_records(report)
        if options["files"] and not options["bundle"]:
            verify_files(report)
        for digest in options["digest"]:
            report.expect(digest)
        if options["json"]:
            self.stdout.write(json.dumps(report.facts(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(report)))
        if report.bad:
            raise CommandError(
                _("First bad entry: %(entry)s") % {"entry": report.bad}, returncode=1
            )


def _keys(paths: list[Path] | None) -> PublicKeys:
    if paths is None:
        return public_keys(settings.SEAL_KEYS)
    return {key_id(key): key for key in map(read_public_key, paths)}


def _lines(report: Report) -> list[str]:
    """The report for a person."""
    lines = [
        _("Checked: %(seals)s seals, %(batches)s batches, %(frames)s frames, %(events)s events.")
        % {
            "seals": report.seals,
            "batches": report.batches,
            "frames": report.frames,
            "events": report.events,
        }
    ]
    if report.files is not None:
        lines.append(
            _("Files with the content that was kept: %(count)s.") % {"count": report.files}
        )
    labels = verifying.registered()
    counts = [f"{labels[name][0]} {count}" for name, count in report.records.items() if count]
    if counts:
        lines.append(_("Records as their events tell: %(list)s.") % {"list": ", ".join(counts)})
    if report.sealed_to:
        lines.append(
            _("Seals %(first)s to %(last)s, of the time up to %(time)s, signed with key %(keys)s.")
            % {
                "first": report.first_seal,
                "last": report.last_seal,
                "time": localtime(report.sealed_to).isoformat(" ", "seconds"),
                "keys": ", ".join(report.keys),
            }
        )
    if report.proven:
        facts = (f"  {name}: {value}" for name, value in report.proven.items())
        lines += [_proven(report.proven), *facts]
    if report.unsealed_batches:
        lines.append(_("Not sealed yet: %(count)s batches.") % {"count": report.unsealed_batches})
    if report.unsealed_events:
        lines.append(_("Not sealed yet: %(count)s events.") % {"count": report.unsealed_events})
    if report.keys_from_bundle:
        lines.append(
            _("The key came with the file: compare it with the published one, or use --public-key.")
        )
    lines += _memory(report)
    if report.good:
        lines.append(_verdict(report))
    return lines


def _proven(facts: dict[str, Any]) -> str:
    if "dossier" in facts:
        return _("A dossier; its files and events are as they were when it was made:")
    if "event" in facts:
        return _("Proven, this was recorded:")
    return _("Proven, this frame was received:")


def _memory(report: Report) -> list[str]:
    """What a person must know of outages, and of seals.log."""
    lines = []
    if report.late:
        seals = ", ".join(f"#{seal} ({frames})" for seal, frames in report.late.items())
        lines.append(
            _("Late: received before the seal before ended and committed after it was made, as "
              "after an outage of the database (seal, frames): %(seals)s.") % {"seals": seals}
        )  # fmt: skip
    if report.torn:
        lines.append(_("The last line of seals.log is torn; the next seal writes it again."))
    if report.forgotten:
        lines.append(
            _("WARNING: seals.log beside the key does not hold %(count)s of the seals. That seals "
              "were cut off the end of the chain would not be seen. Compare with a copy of "
              "seals.log or a digest kept elsewhere (--digest).") % {"count": report.forgotten}
        )  # fmt: skip
    return lines


def _verdict(report: Report) -> str:
    if not report.seals and report.proven is None:
        return _("There is no seal to check.")
    if report.unsealed_batches is None:
        return _("Nothing in the file was altered since it was sealed.")
    return _(
        "No sealed frame of the journal and no sealed event was altered. Readings are derived from "
        "frames: `jiulong rebuild` makes them again."
    )
