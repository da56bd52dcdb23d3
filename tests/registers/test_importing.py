"""Sheets: what is read, what is refused with which cell, and that nothing is half imported."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from stdnum.cn import uscc

from jiulong.evidence.models import Event
from jiulong.registers import actions
from jiulong.registers.importing import sheets, steps
from jiulong.registers.models import Enterprise, Entry, ImportJob
from tests.factories import NOW
from tests.registers.conftest import Scene, make_entry
from tests.registers.test_views import CODE, page, signed_in, url

HEADS = ["编号", "名称", "类别", "流量(m³/h)", "发现日期", "责任单位"]
GOOD = [None, "导入一号", "工业", 3.5, date(2026, 3, 1), None]


def book(rows: list[list[Any]], change: Callable[[Any, Any], None] | None = None) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)  # type: ignore[union-attr]
    if change is not None:
        change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def check(scene: Scene, content: bytes, who: str = "handler", name: str = "x.xlsx") -> ImportJob:
    """Hand in and check. What is wrong is kept in Chinese, for everybody alike."""
    job = actions.hand_in(
        actor=getattr(scene, who), register=scene.register, name=name, content=content
    )
    assert steps.advance(job.pk)
    job.refresh_from_db()
    return job


def faults(scene: Scene, content: bytes) -> list[tuple[str, str]]:
    job = check(scene, content)
    assert job.state == "faulty"
    assert Entry.objects.count() == 1  # nothing was entered
    return [(at, told) for at, told in job.faults]


def imported(scene: Scene, job: ImportJob) -> ImportJob:
    actions.start_import(actor=scene.handler, job=job)
    assert steps.advance(job.pk)
    job.refresh_from_db()
    return job


def test_rows_are_entered_and_those_with_a_known_number_changed(scene: Scene) -> None:
    rows = [
        HEADS,
        GOOD,
        ["PK-1", None, None, 99, None, None],
        ["N-7", "带编号", "雨洪", None, "2026年3月2日", "一中队"],
    ]
    job = check(scene, book(rows))
    assert (job.state, job.total, job.added, job.changed, job.faults) == ("checked", 3, 2, 1, [])
    assert Entry.objects.count() == 1
    job = imported(scene, job)
    assert (job.state, job.added, job.changed, bytes(job.content)) == ("done", 2, 1, b"")
    scene.entry.refresh_from_db()
    assert (scene.entry.data["flow"], scene.entry.data["kind"], scene.entry.version) == (
        "99.00", "industry", 2)  # fmt: skip
    new = Entry.objects.get(title="导入一号")
    assert (new.number, new.unit, new.initials, new.data["found_on"], new.data["daily"]) == (
        f"PK{new.created_at.year}-0001", scene.unit, "dryh", "2026-03-01", "84.00")  # fmt: skip
    verbs = Event.objects.filter(actor=scene.handler).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["create_entry", "create_entry", "update_entry", "import_sheet"]
    told = Event.objects.get(verb="import_sheet").data
    assert (told["rows"], told["sha256"]) == (3, job.sha256)


def test_the_same_sheet_again_changes_nothing(scene: Scene) -> None:
    rows = [HEADS, ["N-7", *GOOD[1:]]]
    imported(scene, check(scene, book(rows)))
    job = check(scene, book(rows))
    assert (job.added, job.changed, job.same) == (0, 0, 1)


def test_an_export_comes_back_unchanged_with_its_masks(scene: Scene) -> None:
    content = signed_in(scene.handler, "zh-hans").get(url("entries", CODE) + "?as=xlsx").content
    job = check(scene, content)
    assert (job.state, job.same, job.faults) == ("checked", 1, [])


def test_faults_are_told_with_their_cells_and_all_at_once(scene: Scene) -> None:
    def spoil(_made: Any, sheet: Any) -> None:
        sheet["D6"] = "=1+1"
        sheet.merge_cells("B7:B8")

    make_entry(scene.register, unit=scene.other, number="PK-2")
    found = dict(
        check(
            scene,
            book(
                [
                    HEADS,
                    [None, None, "工业", 1, None, None],
                    [None, "x", "海洋", -1, "昨天", "无此单位"],
                    ["PK-2", "别人的", None, None, None, None],
                    [None, "x" * 201, "工业", None, None, "二中队"],
                    [None, "公式", "工业", None, None, None],
                    [None, "合并", "工业", None, None, None],
                    ["D-1", None, "工业", None, None, None],
                    ["D-1", "重复", "工业", None, None, None],
                ],
                spoil,
            ),
        ).faults
    )
    assert list(found) == [
        "B7", "B2", "C3", "D3", "E3", "F3", "A4", "F4", "B5", "F5", "D6", "A8", "A9"]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["a", "b"], [1, 2]], "没有找到表头行，请使用模板的表头。"),
        ([HEADS], "表头下面没有数据行。"),
        ([HEADS, ["示例（导入时忽略）", "x", "工业"]], "表头下面没有数据行。"),
        ([[*HEADS, "颜色"], [*GOOD, "红"]], "“颜色”不是此台账的列"),
        ([[*HEADS, "名称"], [*GOOD, "红"]], "此列重复"),
    ],
)
def test_a_sheet_that_is_none_of_this_register_is_refused(
    scene: Scene, rows: list[list[Any]], told: str
) -> None:
    with override("zh-hans"):
        assert told in [words for _at, words in faults(scene, book(rows))]


def hidden(made: Any, sheet: Any) -> None:
    made.create_sheet("seen")
    sheet.sheet_state = "hidden"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (sheets.UNPACKED_MAX + 1))
    return out.getvalue()


def doctype() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([HEADS, GOOD]))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            new.writestr(info.filename, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        book([HEADS, GOOD])[:-200],
        b"PK\x03\x04 and nothing more",
        b"\xd0\xcf\x11\xe0 old",
        b"\x00\x01\x02",
        b"\xff\xfe\xfd\xfc,\xff",
        b"just words",
        bomb(),
        doctype(),
        book([HEADS, GOOD], hidden),
    ],
    ids=["cut", "no zip", "xls", "binary", "bytes", "words", "bomb", "doctype", "hidden"],
)
def test_a_file_that_is_no_sheet_is_refused_as_a_whole(scene: Scene, content: bytes) -> None:
    ((at, _told),) = faults(scene, content)
    assert at == ""


def test_too_many_rows_and_long_cells_are_refused(scene: Scene) -> None:
    lines = "\n".join(["编号,名称,类别", *("N-1,x,工业" for _ in range(sheets.ROWS_MAX + 1))])
    ((at, _told),) = faults(scene, lines.encode())
    assert at == ""
    fewer = "\n".join(["编号,名称,类别", *("N-1,x,工业" for _ in range(3000))])
    job = check(scene, fewer.encode())
    assert (job.faults_count, len(job.faults)) == (3000, steps.FAULTS_MAX)
    ((at, _told),) = faults(scene, f"编号,名称,类别\nN-1,{'长' * 100_000},工业".encode())
    assert at == "B2"


def test_csv_is_read_in_either_encoding_and_formulas_stay_text(scene: Scene) -> None:
    for number, encoding in enumerate(("utf-8-sig", "gb18030")):
        text = f"编号,名称*,类别\nC-{number},'=HYPERLINK(1),农业\n"
        job = imported(scene, check(scene, text.encode(encoding), name="x.csv"))
        assert job.state == "done"
        assert Entry.objects.get(number=f"C-{number}").title == "=HYPERLINK(1)"


def test_a_title_above_the_heads_is_passed_over(scene: Scene) -> None:
    job = check(scene, book([["全区入河排口台账"], [], HEADS, GOOD]))
    assert (job.state, job.added) == ("checked", 1)


def test_what_changed_since_the_check_is_judged_again(scene: Scene) -> None:
    job = check(scene, book([HEADS, ["N-1", *GOOD[1:]], ["PK-1", "改名", None, None, None, None]]))
    assert job.state == "checked"
    Entry.objects.filter(pk=scene.entry.pk).update(unit=scene.other)
    job = imported(scene, job)
    assert (job.state, [at for at, _told in job.faults]) == ("faulty", ["A3", "F3"])
    assert Entry.objects.count() == 1


def test_who_may_not_import_hands_nothing_in(scene: Scene) -> None:
    for who in ("enterprise_user", "stranger", "cadre"):
        with pytest.raises(PermissionDenied):
            check(scene, book([HEADS, GOOD]), who)
    assert check(scene, book([HEADS, GOOD]), "sibling").state == "checked"  # for their own unit
    with pytest.raises(PermissionDenied):
        actions.hand_in(actor=scene.handler, register=None, name="x", content=b"x")


def test_a_sheet_is_ones_own(scene: Scene) -> None:
    job = check(scene, book([HEADS, GOOD]))
    for who in (scene.sibling, scene.leader):
        with pytest.raises(PermissionDenied):
            actions.start_import(actor=who, job=job)
        assert signed_in(who).get(url("import_job", job.pk)).status_code == 404
    imported(scene, job)
    with pytest.raises(ValidationError):
        actions.start_import(actor=scene.handler, job=job)


def test_a_worker_that_died_is_followed_by_another(scene: Scene) -> None:
    job = actions.hand_in(actor=scene.handler, register=scene.register, name="x",
                          content=book([HEADS, GOOD]))  # fmt: skip
    ImportJob.objects.filter(pk=job.pk).update(state="checking", beat_at=NOW)
    assert not steps.work(NOW + steps.DEAD)  # it may still live
    assert steps.work(NOW + steps.DEAD + timedelta(seconds=1))
    job.refresh_from_db()
    assert job.state == "checked"
    assert not steps.work(NOW)


def test_the_pages_lead_from_the_sheet_to_the_entries(scene: Scene) -> None:
    client = signed_in(scene.handler)
    upload = io.BytesIO(book([HEADS, GOOD, [None, None, "海洋", 1, None, None]]))
    upload.name = "排口.xlsx"
    sent = client.post(url("import", CODE), {"sheet": upload})
    shown = page(client, sent.headers["Location"])
    assert [row.one("th").text for row in shown.all("tbody tr")] == ["B3", "C3"]
    job = ImportJob.objects.get()
    marked = client.get(url("import_faults", job.pk)).content
    sheet = load_workbook(io.BytesIO(marked)).active
    assert sheet is not None
    assert sheet["C3"].fill.fgColor.rgb == "FFF6CFC8"
    assert sheet["C3"].comment is not None
    assert sheet["G3"].value.startswith("B3: ")
    upload = io.BytesIO(book([HEADS, GOOD]))
    upload.name = "排口.xlsx"
    sent = client.post(url("import", CODE), {"sheet": upload})
    page(client, sent.headers["Location"])
    job = ImportJob.objects.get(state="checked")
    client.post(url("import_start", job.pk))
    done = page(client, url("import_job", job.pk))
    assert done.all("span.light-met") != []
    assert Entry.objects.filter(title="导入一号").exists()
    assert client.post(url("import", CODE)).status_code == 422


def test_the_template_has_heads_choices_and_an_example_that_is_no_entry(scene: Scene) -> None:
    content = signed_in(scene.handler, "zh-hans").get(url("template", CODE)).content
    made = load_workbook(io.BytesIO(content))
    sheet = made.active
    assert sheet is not None
    heads = [cell.value for cell in next(iter(sheet.iter_rows(max_row=1)))]
    assert heads[:4] == ["编号", "名称*", "类别*", "阶段"]
    assert [cell.value for cell in made["choices"]["C"]] == ["工业", "农业", "雨洪"]
    assert len(sheet.data_validations.dataValidation) == 4
    assert [words for _at, words in faults(scene, content)] == ["表头下面没有数据行。"]
    sheet.append([None, "照模板填", "工业"])
    out = io.BytesIO()
    made.save(out)
    assert check(scene, out.getvalue()).added == 1


def test_enterprises_are_imported_by_their_credit_code(scene: Scene) -> None:
    heads = ["统一社会信用代码", "企业名称", "行业", "街镇", "经度", "纬度"]
    rows = [
        heads,
        [scene.firm.credit_code, "澄汀食品股份有限公司", None, "西桥街道", 117.6, 24.5],
        ["91350602MA00000137", "新厂", "钢铁", None, None, None],
    ]

    def run(rows: list[list[Any]]) -> ImportJob:
        job = actions.hand_in(
            actor=scene.administrator, register=None, name="x", content=book(rows)
        )
        steps.advance(job.pk)
        job.refresh_from_db()
        return job

    job = run(rows)
    assert [at for at, _told in job.faults] == ["A3"]
    body = "91350602MA0000013"
    rows[2][0], rows[2][2] = body + uscc.calc_check_digit(body), "食品"
    job = run(rows)
    assert (job.state, job.added, job.changed) == ("checked", 1, 1)
    actions.start_import(actor=scene.administrator, job=job)
    steps.advance(job.pk)
    scene.firm.refresh_from_db()
    assert (scene.firm.name, scene.firm.street, scene.firm.unit.name) == (
        "澄汀食品股份有限公司", scene.street, "澄汀食品股份有限公司")  # fmt: skip
    made = Enterprise.objects.get(name="新厂")
    assert (made.unit.kind, made.initials) == ("enterprise", "xc")
