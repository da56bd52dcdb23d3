"""A dossier verifies offline, and no part of it can be changed unnoticed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.evidence import archive as archives
from jiulong.evidence import guards, sources
from jiulong.evidence.actions import keep_file, record_event, seal_due
from jiulong.evidence.checks import BadEntryError, Fault, Report
from jiulong.evidence.dossiers import build_dossier
from jiulong.evidence.keys import public_keys, signing_key
from jiulong.evidence.models import Event, Seal
from jiulong.evidence.offline import verify_bundle
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.statements import canonical
from jiulong.organisation.models import Unit, User
from tests.evidence.conftest import NOON, tamper
from tests.evidence.pictures import jpeg
from tests.factories import make_unit, make_user

HOUR = timedelta(hours=1)
LABEL = "organisation.unit"
Change = Callable[[bytes], bytes]


@pytest.fixture
def unit(source: SealedSource) -> Iterator[Unit]:
    tamper("DELETE FROM evidence_event")
    unit = make_unit(name="芗城区城市管理局")
    guards.register(LABEL, lambda viewer, number: str(getattr(viewer, "unit_id", "")) == number)
    yield unit
    guards._registered.pop(LABEL)


@pytest.fixture
def user(unit: Unit) -> User:
    return make_user(unit=unit, username="林晓")


@pytest.fixture
def dossier(unit: Unit, user: User, tmp_path: Path) -> Path:
    """Events under seals 1 and 3, seal 2 without, one event not sealed, a picture and a text."""
    record_event(actor=None, verb="file", subject=unit, at=NOON, data={"what": "占道经营"})
    keep_file(
        actor=user, content=jpeg(longitude=117.65, latitude=24.51), name="整改前.jpg", subject=unit,
        purpose="before", now=NOON,
    )  # fmt: skip
    seal_due(now=NOON + HOUR)
    seal_due(now=NOON + 2 * HOUR)
    keep_file(actor=user, content="已整改".encode(), name="说明.txt", subject=unit, now=NOON)
    record_event(actor=None, verb="other", subject=make_unit(), at=NOON)
    seal_due(now=NOON + 3 * HOUR)
    record_event(actor=user, verb="close", subject=unit, at=NOON + 3 * HOUR)
    assert Seal.objects.count() == 3
    return build(user, unit, tmp_path)


def build(user: User, unit: Unit, tmp_path: Path) -> Path:
    return build_dossier(
        viewer=user,
        title="芗城管〔2026〕12号",
        facts=[("事项", "占道经营"), ("承办单位", "芗城区城市管理局")],
        subjects=[(LABEL, unit.pk)],
        out=tmp_path / "dossier.zip",
        now=NOON + 4 * HOUR,
    )


def check(path: Path, keys: Path) -> Report:
    return verify_bundle(path, public_keys(keys), sources.source())


def bad(path: Path, keys: Path) -> BadEntryError:
    found = check(path, keys).bad
    assert found is not None
    return found


def rewrite(
    path: Path, changes: dict[str, Change | None], *, extra: dict[str, bytes] | None = None
) -> Path:
    """The dossier as a forger who knows its format would write it: all checksums right."""
    forged = path.with_name("forged.zip")
    with zipfile.ZipFile(path) as old, archives.writing(forged) as new:
        for name in old.namelist():
            change = changes.get(name, bytes)
            if change is not None:
                archives.write_member(new, name, change(old.read(name)))
        for name, content in (extra or {}).items():
            archives.write_member(new, name, content)
    return forged


def manifest(**changes: object) -> Change:
    """A manifest with other facts, in canonical form, that nobody signed."""
    return lambda old: canonical({**json.loads(old), **changes})


def test_it_verifies_offline_with_everything_in_it(
    dossier: Path, keys: Path, user: User, unit: Unit
) -> None:
    report = check(dossier, keys)
    assert report.bad is None
    assert (report.seals, report.events, report.unsealed_events) == (3, 3, 1)
    assert report.proven == {
        "dossier": "芗城管〔2026〕12号",
        "made_at": "2026-03-10T08:30:00.000000Z",
        "made_by": "林晓",
        "files": 2,
        "events": 3,
        "unsealed": 1,
    }
    with zipfile.ZipFile(dossier) as archive:
        page = archive.read("index.html").decode()
        told = json.loads(archive.read("index.json"))
        events = archive.read("seals/00000001/events.jsonl").decode().splitlines()
    assert "占道经营" in page
    assert [one["name"] for one in told["files"]] == ["整改前.jpg", "说明.txt"]
    assert [json.loads(line)["verb"] for line in events] == ["file", "keep_file"]
    told_event = Event.objects.get(verb="build_dossier")
    assert (told_event.subject_id, told_event.actor) == (str(unit.pk), user)


def test_only_who_may_see_all_of_it_takes_it_out(dossier: Path, unit: Unit, tmp_path: Path) -> None:
    stranger = make_user()
    with pytest.raises(PermissionDenied):
        build(stranger, unit, tmp_path)
    with pytest.raises(PermissionDenied):
        build_dossier(
            viewer=stranger, title="", facts=[], subjects=[], out=tmp_path / "x.zip"
        )  # fmt: skip
    own = make_unit()
    member = make_user(unit=own)
    with pytest.raises(PermissionDenied):
        build_dossier(
            viewer=member, title="", facts=[], subjects=[(LABEL, own.pk), (LABEL, unit.pk)],
            out=tmp_path / "x.zip",
        )  # fmt: skip


def test_a_dossier_of_which_nothing_is_sealed_says_so(
    unit: Unit, user: User, keys: Path, tmp_path: Path
) -> None:
    record_event(actor=user, verb="file", subject=unit)
    report = check(build(user, unit, tmp_path), keys)
    assert report.bad is None
    assert (report.seals, report.events, report.unsealed_events) == (0, 0, 1)


def test_there_is_no_dossier_of_what_was_altered(
    dossier: Path, user: User, unit: Unit, tmp_path: Path
) -> None:
    event = Event.objects.filter(verb="file").get()
    tamper("UPDATE evidence_event SET data = '{}' WHERE id = %s", event.pk)
    with pytest.raises(BadEntryError) as found:
        build(user, unit, tmp_path)
    assert not list(tmp_path.glob(".*"))
    assert (found.value.fault, found.value.event) == (Fault.EVENT_CHANGED, event.pk)


PICTURE = hashlib.sha256(jpeg(longitude=117.65, latitude=24.51)).hexdigest()
PICTURE_NAME = f"files/{PICTURE}.jpg"
FIRST = "seals/00000001/"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({PICTURE_NAME: lambda old: old + b"x"}, Fault.CONTENT_CHANGED),
        ({PICTURE_NAME: None}, Fault.FILE_DAMAGED),
        ({"index.html": lambda old: old.replace("占道".encode(), b"")}, Fault.CONTENT_CHANGED),
        ({"index.json": lambda old: old + b" "}, Fault.CONTENT_CHANGED),
        ({"style.css": lambda old: old + b" "}, Fault.CONTENT_CHANGED),
        ({"README.txt": lambda old: old + b" "}, Fault.CONTENT_CHANGED),
        ({"unsealed.jsonl": lambda _old: b""}, Fault.CONTENT_CHANGED),
        ({"manifest.json": manifest(title="other")}, Fault.MANIFEST_BAD),
        ({"manifest.json": manifest(unsealed=[])}, Fault.MANIFEST_BAD),
        ({"manifest.json": lambda old: old + b" "}, Fault.MANIFEST_BAD),
        ({"manifest.json": lambda _old: b"{}"}, Fault.MANIFEST_BAD),
        ({"manifest.json": manifest(key="0" * 16)}, Fault.KEY_UNKNOWN),
        ({"manifest.json": manifest(members=[])}, Fault.MANIFEST_BAD),
        ({"manifest.sig": lambda _old: bytes(64)}, Fault.MANIFEST_BAD),
        ({"manifest.sig": None}, Fault.FILE_DAMAGED),
        ({FIRST + "events.jsonl": lambda old: old.replace(b"fi", b"fo", 1)}, Fault.EVENT_CHANGED),
        ({FIRST + "events.jsonl": lambda old: old.split(b"\n")[0] + b"\n"}, Fault.FILE_DAMAGED),
        ({FIRST + "events.jsonl": lambda _old: b"[]\n[]\n"}, Fault.EVENT_LIST_CHANGED),
        ({FIRST + "event-proofs.jsonl": lambda _old: b"{}\n{}\n"}, Fault.EVENT_CHANGED),
        ({FIRST + "event-proofs.jsonl": None}, Fault.FILE_UNEXPECTED),
        (
            {
                FIRST + "events.jsonl": lambda old: old.split(b"\n")[0] + b"\n",
                FIRST + "event-proofs.jsonl": lambda old: old.split(b"\n")[0] + b"\n",
            },
            Fault.EVENT_MISSING,
        ),
        ({FIRST + "events.jsonl": None, FIRST + "event-proofs.jsonl": None}, Fault.EVENT_MISSING),
        ({FIRST + "seal.json": lambda old: old.replace(b'"events":2', b'"events":3')},
         Fault.SIGNATURE_BAD),
        ({FIRST + "signature.bin": lambda _old: bytes(64)}, Fault.SIGNATURE_BAD),
        (
            dict.fromkeys(("seals/00000002/seal.json", "seals/00000002/signature.bin")),
            Fault.SEAL_MISSING,
        ),
    ],
)  # fmt: skip
def test_it_names_whatever_a_forger_changed(
    dossier: Path, keys: Path, changes: dict[str, Change | None], fault: Fault
) -> None:
    assert bad(rewrite(dossier, changes), keys).fault is fault


def test_nothing_is_smuggled_in(dossier: Path, keys: Path) -> None:
    for name, fault in (
        ("evil.exe", Fault.FILE_UNEXPECTED),
        (f"files/{'0' * 64}.jpg", Fault.FILE_UNEXPECTED),
        ("files/../x.jpg", Fault.FILE_UNEXPECTED),
    ):
        assert bad(rewrite(dossier, {}, extra={name: b"x"}), keys).fault is fault


def test_a_file_that_no_event_vouches_for_is_named(
    dossier: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the house itself, with its key, cannot put one in."""
    content = b"never kept"
    name = f"files/{hashlib.sha256(content).hexdigest()}.txt"
    with zipfile.ZipFile(dossier) as archive:
        old = json.loads(archive.read("manifest.json"))
    old["members"][name] = hashlib.sha256(content).hexdigest()
    wire = canonical(old)
    signature = signing_key(keys).sign(hashlib.sha256(wire).digest())
    forged = rewrite(
        dossier,
        {"manifest.json": lambda _old: wire, "manifest.sig": lambda _old: signature},
        extra={name: content},
    )
    found = bad(forged, keys)
    assert (found.fault, found.detail) == (Fault.FILE_UNPROVEN, name)


def test_without_a_trusted_key_it_says_where_the_key_came_from(dossier: Path) -> None:
    report = verify_bundle(dossier, {}, sources.source())
    assert (report.good, report.keys_from_bundle) == (True, True)


@given(data=st.data())
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_notices_any_single_bit_that_was_changed(
    dossier: Path, keys: Path, data: st.DataObject
) -> None:
    content = bytearray(dossier.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    bent = dossier.with_name("bent.zip")
    bent.write_bytes(content)
    assert check(bent, keys).bad is not None


def test_a_dossier_costs_a_fixed_number_of_queries(
    dossier: Path, unit: Unit, user: User, tmp_path: Path
) -> None:
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            build(user, unit, tmp_path)
        return len(queries)

    before = count()
    for n in range(30):
        record_event(actor=user, verb=f"step{n}", subject=unit)
    assert count() == before
