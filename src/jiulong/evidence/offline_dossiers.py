"""A dossier in a zip file: what its manifest says, its files, and the events that vouch for them.

The manifest is signed with the key of the seals when the dossier is made. It holds what no seal
covers: the pages for people, and which events belong to the dossier.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any, Final

from jiulong.evidence import archive as archives
from jiulong.evidence.archive import read_member, reading
from jiulong.evidence.checks import BadEntryError, Fault, Report
from jiulong.evidence.keys import PublicKeys, signed
from jiulong.evidence.offline_events import EVENT_BYTES_MAX, lines, read
from jiulong.evidence.statements import canonical

FORMAT: Final = "jiulong-dossier-1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
UNSEALED: Final = "unsealed.jsonl"
PAGES: Final = frozenset({"index.html", "index.json", "style.css"})
FILE: Final = re.compile(r"files/([0-9a-f]{64})\.[a-z0-9]{2,5}")


def belongs(name: str) -> bool:
    """Whether a dossier may hold a member of this name, beside seals and keys."""
    fixed = name in PAGES | {archives.README, MANIFEST, SIGNATURE, UNSEALED}
    return fixed or FILE.fullmatch(name) is not None


def check(
    archive: zipfile.ZipFile,
    members: set[str],
    keys: PublicKeys,
    sealed: list[dict[str, Any]],
    report: Report,
) -> None:
    """Check the manifest, every member, and that each file was kept by an event.

    Args:
        members: the names in the archive beside seals and keys.
        sealed: events that were proven to lie under seals of the archive.

    Raises:
        BadEntryError: the first thing that is wrong.
    """
    manifest = _manifest(archive, keys)
    _check_members(archive, manifest, members - {MANIFEST, SIGNATURE})
    unsealed = _unsealed(archive)
    _check_events(manifest, "events", sealed)
    _check_events(manifest, "unsealed", unsealed)
    kept = set(_kept([*sealed, *unsealed]))
    files = sorted(name for name in members if FILE.fullmatch(name))
    for name in files:
        if name.split("/")[1].split(".")[0] not in kept:
            raise BadEntryError(Fault.FILE_UNPROVEN, detail=name)
    report.unsealed_events = len(unsealed)
    report.proven = {
        "dossier": manifest["title"],
        "made_at": manifest["made_at"],
        "made_by": manifest["made_by"],
        "files": len(files),
        "events": len(sealed),
        "unsealed": len(unsealed),
    }


def _manifest(archive: zipfile.ZipFile, keys: PublicKeys) -> dict[str, Any]:
    wire = read_member(archive, MANIFEST, most=EVENT_BYTES_MAX)
    try:
        manifest = json.loads(wire)
        number = manifest["key"]
        if manifest["format"] != FORMAT or canonical(manifest) != wire:
            raise ValueError("not in canonical form")  # noqa: TRY301 - one error for all
        _shape(manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadEntryError(Fault.MANIFEST_BAD, detail=str(error)) from error
    key = keys.get(number)
    if key is None:
        raise BadEntryError(Fault.KEY_UNKNOWN, detail=f"{MANIFEST}: {number}")
    if not signed(key, read_member(archive, SIGNATURE), hashlib.sha256(wire).digest()):
        raise BadEntryError(Fault.MANIFEST_BAD, detail=SIGNATURE)
    return dict(manifest)


def _shape(manifest: dict[str, Any]) -> None:
    """The members that are read below.

    Raises:
        KeyError, TypeError, ValueError: missing or of another kind.
    """
    for name in ("title", "made_at", "made_by", "key"):
        str.encode(manifest[name])
    dict.items(manifest["members"])
    for name in ("events", "unsealed"):
        list.index([*manifest[name], None], None)


def _check_members(archive: zipfile.ZipFile, manifest: dict[str, Any], found: set[str]) -> None:
    listed = manifest["members"]
    for name in sorted(found ^ set(listed)):
        fault = Fault.FILE_UNEXPECTED if name in found else Fault.FILE_DAMAGED
        raise BadEntryError(fault, detail=name)
    for name, digest in sorted(listed.items()):
        with reading(archive, name) as member:
            actual = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]
        named = FILE.fullmatch(name)
        if actual != digest or (named and named[1] != actual):
            raise BadEntryError(Fault.CONTENT_CHANGED, detail=name)


def _unsealed(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    with reading(archive, UNSEALED) as member:
        return [read(line, None) for line in lines(member, EVENT_BYTES_MAX)]


def _check_events(manifest: dict[str, Any], name: str, found: list[dict[str, Any]]) -> None:
    """Check that the events are those that the manifest lists: none left out, none added."""
    numbers = [event["event"] for event in found]
    listed = set(manifest[name])
    for event in numbers:
        if event not in listed:
            raise BadEntryError(Fault.EVENT_INSERTED, event=event)
    if len(numbers) != len(manifest[name]):
        missing = min(listed - set(numbers), default=None)
        raise BadEntryError(Fault.EVENT_MISSING, event=missing)


def _kept(events: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Hashes of the files that the events say were kept."""
    for event in events:
        data = event.get("data")
        if event.get("verb") == "keep_file" and isinstance(data, dict):
            yield str(data.get("sha256"))
