"""`jiulong pack …`, as somebody at the machine uses it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from jiulong.cli import needs_database
from jiulong.organisation.models import Unit
from tests.packs.conftest import UNITS, Write


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def run(*words: object) -> str:
    out = StringIO()
    call_command("pack", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: object) -> tuple[str, str]:
    """What was written, and the error's words."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("pack", *map(str, words), stdout=out)
    return out.getvalue(), str(caught.value)


def test_check_needs_no_database() -> None:
    wanted = {
        act: needs_database(["pack", act]) for act in ("check", "schema", "codes", "plan", "apply")
    }
    assert wanted == {
        "check": False, "schema": False, "codes": False, "plan": True, "apply": True}  # fmt: skip


def test_check_says_that_all_is_well(write: Write) -> None:
    assert run("check", write("xc", UNITS)) == "xc: no mistakes.\n"


def test_check_says_file_line_and_column(write: Write) -> None:
    written, error = refused("check", write("xc", "units: [{code: a}]"))
    assert written.splitlines() == [
        "packs/xc/things.yaml:1:9: “kind” is missing; expected it among the keys here",
        "packs/xc/things.yaml:1:9: “name” is missing; expected it among the keys here",
    ]
    assert error == "2 mistakes; nothing was changed."


def test_check_tells_programs(write: Write) -> None:
    assert json.loads(run("check", "--json", write("xc", UNITS))) == {
        "packs": ["xc"], "mistakes": []}  # fmt: skip
    written, _error = refused("check", "--json", write("xc", "units: 1"))
    assert json.loads(written)["mistakes"] == [
        {
            "file": "packs/xc/things.yaml",
            "line": 1,
            "column": 8,
            "message": "expected a list under “units”: lines that begin with “- ”",
        }
    ]


@pytest.mark.django_db
def test_plan_and_apply_tell_the_same(write: Write) -> None:
    pack = write("xc", UNITS)
    lines = (
        "xc: 2 new, 0 changed, 0 retired, 0 the same.\n"
        "  + units 350602  芗城区\n"
        "  + units 350602001  东铺头街道\n"
    )
    assert run("plan", pack) == lines
    assert Unit.objects.count() == 0
    assert run("apply", pack) == lines
    assert Unit.objects.count() == 2
    assert run("apply", pack) == "xc: nothing to change; 2 the same.\n"
    write("xc", UNITS.replace("东铺头街道", "东铺头街"))
    assert run("plan", "xc") == (
        "xc: 0 new, 1 changed, 0 retired, 1 the same.\n"
        "  ~ units 350602001  name: 东铺头街道 → 东铺头街\n"
    )


@pytest.mark.django_db
def test_apply_tells_programs(write: Write) -> None:
    (told,) = json.loads(run("apply", "--json", write("xc", UNITS)))["packs"]
    assert (told["name"], told["before"], told["recorded"], told["same"]) == ("xc", None, True, 0)
    assert [change["key"] for change in told["changes"]["units"]] == ["350602", "350602001"]


@pytest.mark.django_db
def test_apply_refuses_with_places(write: Write) -> None:
    pack = write("xc", "units: 1")
    for act in ("plan", "apply"):
        written, error = refused(act, pack)
        assert written.startswith("packs/xc/things.yaml:1:8: ")
        assert error == "1 mistake; nothing was changed."
    assert "mistakes" in json.loads(refused("apply", "--json", pack)[0])


@pytest.mark.django_db
def test_export_is_a_pack_that_changes_nothing(write: Write, box: Path) -> None:
    run("apply", write("xc", UNITS))
    text = run("export", "xc")
    (box / "xc" / "things.yaml").unlink()
    (box / "xc" / "pack.yaml").write_text(text, encoding="utf-8")
    assert run("check", "xc") == "xc: no mistakes.\n"
    assert run("plan", "xc") == "xc: nothing to change; 2 the same.\n"
    assert refused("export", "yc") == ("", "The pack “yc” was never applied.")


@pytest.mark.django_db
def test_list_names_packs_and_what_they_hold(write: Write) -> None:
    run("apply", write("xc", UNITS))
    write("yc", "units: []")
    assert run("list").splitlines() == [
        "xc                 1            Applied  Trial  (units 2)",
        "yc                 1            Not applied  Trial",
    ]
    first, second = json.loads(run("list", "--json"))["packs"]
    assert (first["state"], first["holds"], first["applied"]["by"]) == (
        "applied", {"units": 2}, "Jiulong")  # fmt: skip
    assert (second["state"], second["applied"]) == ("new", None)


def test_schema_is_written_for_editors(tmp_path: Path) -> None:
    run("schema", "--out", tmp_path / "schema")
    names = sorted(path.name for path in (tmp_path / "schema").iterdir())
    assert names == ["pack.schema.json", "section.schema.json"]
    assert json.loads(run("schema")) == json.loads(
        (tmp_path / "schema" / "pack.schema.json").read_text(encoding="utf-8")
    )


@pytest.mark.django_db
def test_list_says_from_where_a_pack_outside_the_box_was_applied(
    write: Write, tmp_path: Path
) -> None:
    away = write("xc", UNITS).rename(tmp_path / "xc")
    run("apply", away)
    assert run("list").splitlines() == [
        f"xc                 1            Applied from outside the box  Trial  (units 2)  {away}"
    ]
    (told,) = json.loads(run("list", "--json"))["packs"]
    assert (told["state"], told["applied"]["from"]) == ("outside", str(away))


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["plan", "xc"], ["apply", "xc"], ["list"], ["export", "xc"]])
def test_a_database_without_tables_is_a_sentence(write: Write, words: list[str]) -> None:
    write("xc", UNITS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE packs_appliedpack RENAME TO packs_elsewhere")
    assert refused(*words)[1] == (
        "The database is not set up, or older than this program: run “jiulong migrate” first."
    )
