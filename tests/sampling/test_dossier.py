"""Everything of a sample in one bundle that verifies offline; what is changed in it is found."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError

from jiulong.cases.actions import file_case
from jiulong.cases.models import Opened
from jiulong.evidence import archive as archives
from jiulong.evidence.actions import keep_file, seal_due
from jiulong.sampling import dossier
from jiulong.sampling.models import Sample
from tests.cases.matters import make_district, make_matter
from tests.evidence.conftest import keys, source  # noqa: F401 - fixtures
from tests.evidence.pictures import jpeg
from tests.factories import NOW, make_finding
from tests.sampling.world import HOUR, collected, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("source", "keys")]


def rewritten(bundle: Path, name: str, before: bytes, after: bytes) -> Path:
    """The bundle with one member changed by a forger."""
    forged = bundle.with_name("forged.zip")
    with zipfile.ZipFile(bundle) as old, archives.writing(forged) as new:
        for member in old.namelist():
            content = old.read(member)
            if member == name:
                assert before in content
                content = content.replace(before, after)
            archives.write_member(new, member, content)
    return forged


def test_the_bundle_of_a_sample_verifies_and_a_forged_one_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    finding = make_finding(world.sampler.point)
    sample = collected(world, finding=finding)
    keep_file(
        actor=world.officer, content=jpeg(), name="封样.jpg", subject=sample, purpose="seal",
        now=NOW + HOUR,
    )  # fmt: skip
    seal_due(now=NOW + 3 * HOUR)
    made = dossier.build(world.officer, sample, tmp_path / "sample.zip")

    call_command("verify", "--bundle", str(made))
    assert "FAILED" not in capsys.readouterr().out
    with zipfile.ZipFile(made) as archive:
        page = archive.read("index.html").decode()
        lines = [
            line
            for name in archive.namelist()
            if name.endswith("events.jsonl")
            for line in archive.read(name).decode().splitlines()
        ]
        events = next(
            name
            for name in archive.namelist()
            if name.endswith("events.jsonl") and b"seal_sample" in archive.read(name)
        )
    assert "F-17" in page
    assert "王**" in page
    assert "王小明" not in page + "".join(lines)
    verbs = ("order_sample", "confirm_sample", "fill_sample", "seal_sample", "collect_sample")
    for verb in (*verbs, "order_command", "sign_custody", "keep_file"):
        assert any(f'"verb":"{verb}"' in line for line in lines), verb

    for forged in (
        rewritten(made, events, b"F-17", b"F-99"),
        rewritten(made, "index.html", b"F-17", b"F-99"),
    ):
        with pytest.raises((CommandError, SystemExit)):
            call_command("verify", "--bundle", str(forged))


def test_who_may_not_see_it_takes_nothing_out(tmp_path: Path) -> None:
    world = make_world()
    sample = collected(world)
    for stranger in (world.sibling, world.lab):
        with pytest.raises(PermissionDenied):
            dossier.build(stranger, sample, tmp_path / "x.zip")
    assert dossier.build(world.owner, sample, tmp_path / "own.zip").exists()


def test_a_case_has_the_samples_of_its_findings() -> None:

    world = make_world()
    finding = make_finding(world.sampler.point)
    sample = collected(world, finding=finding)
    other = Sample.objects.create(
        number="X", code="X", sampler=world.sampler, point=world.sampler.point, trigger="hand",
        purpose="check", reason="x", state="failed", ordered_at=NOW + timedelta(days=1),
    )  # fmt: skip
    case = file_case(actor=make_district().dispatcher, matter=make_matter(), title="超标", now=NOW)
    Opened.objects.create(trigger="t", reference=str(finding.pk), case=case, at=NOW)
    assert dossier.subjects(case) == [
        ("sampling.sample", sample.pk),
        ("gateway.command", sample.command_id),
        ("monitoring.finding", finding.pk),
    ]
    assert ("sampling.sample", other.pk) not in dossier.subjects(case)
    assert dossier.enclosed(world.officer, case).subjects == dossier.subjects(case)
    assert dossier.enclosed(world.sibling, case).subjects == []
