"""Sheets: who fills in what until when, what is refused by cell, who signs, what is locked."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jiulong.evidence.models import Event
from jiulong.scorecards import sheeting, signing, typists
from jiulong.scorecards.actions import sheets as acts
from jiulong.scorecards.actions.opening import step
from jiulong.scorecards.actions.revising import revise_observation
from jiulong.scorecards.checking import Typed, number
from jiulong.scorecards.models import Observation, Sheet
from jiulong.scorecards.queries import sheets as queries
from tests.factories import make_user
from tests.scorecards.scene import NOW, Scene, make

pytestmark = pytest.mark.django_db


def fill(scene: Scene, sheet: Sheet, **cells: str) -> Sheet:
    """Keep values of the first street: `retail="12"`, `retail_note="…"`."""
    code = scene.parts[0].code
    typed = {(code, key): Typed(value, cells.get(f"{key}_note", ""))
             for key, value in cells.items() if not key.endswith("_note")}  # fmt: skip
    return acts.save_draft(
        actor=scene.people["staff"], sheet=sheet, cells=typed, version=sheet.version, now=NOW
    )


def submit(scene: Scene, sheet: Sheet, now: datetime = NOW) -> Sheet:
    return acts.submit_sheet(
        actor=scene.people["staff"], sheet=sheet, version=sheet.version, now=now
    )


def sign(scene: Scene, sheet: Sheet, who: str, now: datetime = NOW) -> Sheet:
    digest = sheeting.digest_of(sheet, sheeting.told(sheet))
    return acts.sign_sheet(actor=scene.people[who], sheet=sheet, digest=digest, now=now)


def faults(sheet: Sheet) -> list[tuple[str, str, bool]]:
    return [
        (fault.at[1], fault.text, fault.note) for fault in queries.faults(queries.sheetful(sheet))
    ]


def test_sheets_open_when_a_month_is_over_with_what_is_due_in_it() -> None:
    scene = make()
    assert step(NOW)
    assert not step(NOW)
    assert [row.period for row in Sheet.objects.all()] == ["2026-03", "2026-03"]
    sheet = scene.sheet()
    # Five working days after March; Qingming, 4 to 6 April, does not count.
    assert sheet.due_at.date().isoformat() == "2026-04-08"
    full = queries.sheetful(sheet)
    assert [(column.key, column.period) for column in full.columns] == [
        ("retail", "2026-03"), ("gdp", "2026Q1"),
    ]  # fmt: skip
    assert [one.code for one in full.subjects] == ["S1"]
    # January is asked for together with February, a quarter when it ends.
    january = sheeting.columns(full.spec, "2026-01", [scene.retail, scene.gdp])
    february = sheeting.columns(full.spec, "2026-02", [scene.retail, scene.gdp])
    assert ([one.key for one in january], [one.key for one in february]) == ([], ["retail"])
    assert [row.verb for row in Event.objects.all()] == ["open_sheet", "open_sheet"]


def test_a_sheet_goes_from_hand_to_hand_and_becomes_figures() -> None:
    scene = make()
    step(NOW)
    sheet = fill(scene, scene.sheet(), retail="12.5", gdp="6.2")
    submit(scene, sheet)
    assert (sheet.state, sheet.late) == ("submitted", False)
    people = scene.people
    assert [name for name in people if signing.may_sign(people[name], sheet)] == ["head"]
    with pytest.raises(PermissionDenied):
        sign(scene, sheet, "statistics")
    with pytest.raises(ValidationError, match="another than the one you looked at"):
        acts.sign_sheet(actor=people["head"], sheet=sheet, digest="0" * 64, now=NOW)
    sign(scene, sheet, "head")
    assert not Observation.objects.exists()
    assert not signing.may_sign(people["head"], sheet)
    sign(scene, sheet, "statistics")
    assert sheet.state == "signed"
    told = Observation.objects.order_by("indicator__code").values_list(
        "indicator__code", "period", "value", "sheet", "status"
    )
    assert list(told) == [
        ("gdp", "2026Q1", Decimal("6.2"), sheet.pk, "preliminary"),
        ("retail", "2026-03", Decimal("12.5"), sheet.pk, "preliminary"),
    ]
    digests = {one["digest"] for one in sheet.signatures}
    assert digests == {sheeting.digest_of(sheet, sheeting.told(sheet))}
    # Until it is locked a signer may return it; what is signed again leaves the old row.
    acts.return_sheet(actor=people["statistics"], sheet=sheet, why="口径有误", now=NOW)
    fill(scene, sheet, retail="12.4")
    submit(scene, sheet)
    sign(scene, sheet, "head")
    sign(scene, sheet, "statistics")
    rows = Observation.objects.filter(indicator=scene.retail).order_by("revision")
    assert [(row.value, row.current) for row in rows] == [
        (Decimal("12.5"), False), (Decimal("12.4"), True),
    ]  # fmt: skip
    # What was corrected by a revision does not come back by signing the old sheet again.
    revise_observation(
        actor=None, observation=rows[1], value=Decimal("12.6"), reason="an upheld objection",
        now=NOW,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="was revised"):
        acts.return_sheet(actor=people["statistics"], sheet=sheet, why="口径有误", now=NOW)
    # Five working days after the due time it is locked.
    assert not acts.lock_sheets(NOW + timedelta(days=12))
    assert acts.lock_sheets(NOW + timedelta(days=14))
    sheet.refresh_from_db()
    assert sheet.state == "locked"
    with pytest.raises(PermissionDenied):
        acts.return_sheet(actor=people["statistics"], sheet=sheet, why="x", now=NOW)
    with pytest.raises(ValidationError, match="Locked"):
        fill(scene, sheet, retail="1")
    verbs = Event.objects.filter(subject="scorecards.sheet", subject_id=sheet.pk)
    assert [row.verb for row in verbs.order_by("id")] == [
        "open_sheet", "submit_sheet", "sign_sheet", "sign_sheet", "return_sheet", "submit_sheet",
        "sign_sheet", "sign_sheet", "lock_sheet",
    ]  # fmt: skip


def test_who_filled_it_in_does_not_sign_it_and_nobody_signs_twice() -> None:
    scene = make(levels=[{"name": "一"}, {"name": "二"}])
    step(NOW)
    sheet = scene.sheet()
    typed = {("S1", "retail"): Typed("12"), ("S1", "gdp"): Typed("5")}
    head = scene.people["head"]
    acts.save_draft(actor=head, sheet=sheet, cells=typed, version=sheet.version, now=NOW)
    acts.submit_sheet(actor=head, sheet=sheet, version=sheet.version, now=NOW)
    assert not signing.may_sign(head, sheet)
    with pytest.raises(PermissionDenied):
        sign(scene, sheet, "head")
    with pytest.raises(PermissionDenied):
        acts.return_sheet(actor=scene.people["neighbour"], sheet=sheet, why="x", now=NOW)
    with pytest.raises(ValidationError, match="Say what is wrong"):
        acts.return_sheet(actor=head, sheet=sheet, why=" ", now=NOW)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"gdp": "5"}, [("retail", "There is no value.", False)]),
        ({"retail": "zwölf", "gdp": "5"}, [("retail", "“zwölf” is no number.", False)]),
        ({"retail": "-1", "gdp": "5"}, [("retail", "At least 0.", False)]),
        ({"retail": "12.345", "gdp": "5"}, [("retail", "At most 2 decimal places.", False)]),
        ({"retail": "7", "gdp": "5"},
         [("retail", "It counts from January and cannot be below the period before, 8.", False)]),
        ({"retail": "21", "gdp": "5"},
         [("retail", "50 % away from 14, last year's or the period before: write a note why.",
           True)]),
        ({"retail": "21", "retail_note": "大型商场开业", "gdp": "5"}, []),
        ({"retail": "１５，000.5", "gdp": "5", "retail_note": "x"}, []),
        ({"retail": "15", "gdp": "17.1"},
         [("gdp", "11 points away from the period before (6.1): write a note why.", True)]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_cell(
    typed: dict[str, str], told: list[tuple[str, str, bool]]
) -> None:
    scene = make()
    scene.see(scene.parts[0], {"2025-03": "14", "2026-02": "8"})
    scene.see(scene.parts[0], {"2025Q4": "6.1"}, scene.gdp)
    step(NOW)
    sheet = fill(scene, scene.sheet(), **typed)
    assert faults(sheet) == told
    if told:
        with pytest.raises(acts.WrongCellsError):
            submit(scene, sheet)


def test_a_base_far_from_what_was_reported_wants_a_note() -> None:
    scene = make(base=True)
    scene.see(scene.parts[0], {"2025-03": "14"})
    step(NOW)
    given = {"retail": "15", "gdp": "5"}

    def told(base: str, note: str = "") -> list[tuple[str, str, bool]]:
        row = scene.sheet()
        key = next(one.key for one in queries.sheetful(row).columns if one.companion)
        return faults(fill(scene, row, **given, **{key: base, f"{key}_note": note}))

    [(_key, text, note)] = told("7")
    assert (text.startswith("-50 % away from 14, as it was reported"), note) == (True, True)
    assert told("7", "并表口径调整") == []
    assert told("13") == []


def test_parts_that_do_not_add_up_to_their_whole_are_told() -> None:
    scene = make(filled_by=["STAT"], subjects=["D", "parts"], totals="refuse",
                 indicators=["retail"])  # fmt: skip
    step(NOW)
    sheet = Sheet.objects.get()
    cells = {(code, "retail"): Typed(value)
             for code, value in (("D", "30"), ("S1", "12"), ("S2", "17"))}  # fmt: skip
    acts.save_draft(actor=scene.people["statistics"], sheet=sheet, cells=cells,
                    version=sheet.version, now=NOW)  # fmt: skip
    assert faults(sheet) == [("retail", "The parts add up to 29.", False)]


def test_two_people_at_one_sheet_do_not_overwrite_each_other() -> None:
    scene = make()
    step(NOW)
    mine, theirs = scene.sheet(), scene.sheet()
    fill(scene, mine, retail="12")
    with pytest.raises(ValidationError, match="changed this sheet meanwhile"):
        fill(scene, theirs, retail="13")
    with pytest.raises(PermissionDenied):
        acts.save_draft(actor=scene.people["neighbour"], sheet=mine, cells={}, version=2, now=NOW)


def test_each_cell_says_who_typed_it_and_who_typed_does_not_sign() -> None:
    scene = make(levels=[{"name": "一"}, {"name": "二"}])
    step(NOW)
    sheet, head, staff = scene.sheet(), scene.people["head"], scene.people["staff"]
    later = NOW + timedelta(minutes=5)

    def save(who: str, at: datetime, **cells: str) -> None:
        typed = {("S1", key): Typed(value) for key, value in cells.items()}
        acts.save_draft(actor=scene.people[who], sheet=sheet, cells=typed,
                        version=sheet.version, now=at)  # fmt: skip

    save("staff", NOW, retail="12", gdp="4")
    save("head", later, retail="12", gdp="5")  # retail is as it was: still the other's
    assert [one[:3] for one in typists.typists(sheet)] == [
        (head.pk, str(head), 1), (staff.pk, str(staff), 1),
    ]  # fmt: skip
    assert typists.typists(sheet)[0].last == later
    submit(scene, sheet)
    told = Event.objects.get(verb="submit_sheet").data["typed"]
    assert told == {str(head): 1, str(staff): 1}
    assert not signing.may_sign(head, sheet)  # handed in by another, typed in part by them
    acts.return_sheet(actor=head, sheet=sheet, why="x", now=NOW)
    save("staff", later, gdp="5.1")
    submit(scene, sheet)
    assert signing.may_sign(head, sheet)  # nothing of theirs stands any more


def test_a_note_of_another_takes_no_value_from_who_typed_it() -> None:
    """Else a head types a figure, has somebody add a word to it, and signs."""
    head, staff = make_user(), make_user()
    cell = typists.cell(None, "12", "", head, NOW)
    cell = typists.cell(cell, "12", "a word", staff, NOW)
    cell = typists.cell(cell, "12", "two words", staff, NOW)
    assert typists.hands(Sheet(draft={"S1": {"gdp": cell}})) == {head.pk, staff.pk}
    for value, note, user, hands in (
        ("12", "two words", staff, {head.pk, staff.pk}),  # as it was
        ("12", "three", head, {head.pk}),
        ("13", "three", staff, {staff.pk}),
    ):
        found = typists.cell(cell, value, note, user, NOW)
        assert typists.hands(Sheet(draft={"S1": {"gdp": found}})) == hands


def test_two_of_one_name_are_two_in_the_record() -> None:
    first, second = make_user(first_name="Wei"), make_user(first_name="Wei")
    row = {
        key: typists.cell(None, "1", "", user, NOW + timedelta(minutes=n))
        for n, (key, user) in enumerate((("gdp", first), ("retail", second), ("tax", second)))
    }
    assert typists.counted(Sheet(draft={"S1": row})) == {"Wei": 2, f"Wei #{first.pk}": 1}


def test_late_sheets_are_listed_missing_or_late() -> None:
    scene = make()
    step(NOW)
    after = NOW + timedelta(days=9)
    assert queries.late(scene.people["supervisor"], NOW).count() == 0
    assert queries.late(scene.people["supervisor"], after).count() == 2
    assert [row.unit.code for row in queries.late(scene.people["staff"], after)] == ["S1"]
    sheet = submit(scene, fill(scene, scene.sheet(), retail="12", gdp="5"), after)
    assert sheet.late
    assert queries.waiting_for(scene.people["head"]) == [sheet.pk]
    assert queries.waiting_for(scene.people["neighbour"]) == [scene.sheet(street=1).pk]


@pytest.mark.parametrize(
    ("text", "value"), [("1,234.50", "1234.50"), ("１２．５", "12.5"), (" 7 % ", "7"), ("", None)]
)
def test_numbers_are_read_as_people_type_them(text: str, value: str | None) -> None:
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["1e", "NaN", "Infinity", "1" * 19, "12..5", "九"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(text)


def test_the_page_keeps_checks_submits_and_signs(client: Client) -> None:
    scene = make()
    step(NOW)
    pk, part = scene.sheet().pk, scene.parts[0].pk
    page, save = reverse("scorecards:sheet", args=[pk]), reverse("scorecards:sheet_save", args=[pk])
    client.force_login(scene.people["staff"])
    shown = client.get(page).content.decode()
    assert f'name="v-{part}-{scene.retail.pk}"' in shown
    typed = {f"v-{part}-{scene.retail.pk}": "12", f"v-{part}-{scene.gdp.pk}": "x\0", "version": "1"}
    kept = client.post(save, typed, headers={"HX-Request": "true"}).content.decode()
    assert 'name="version" value="2"' in kept
    behind = {f"v-{part}-{scene.retail.pk}": "13", "version": "1"}
    for _again in range(2):  # another tab, again and again: what it does not know it never replaces
        kept = client.post(save, behind, headers={"HX-Request": "true"}).content.decode()
        assert 'name="version" value="1"' in kept
    assert scene.sheet().draft[scene.parts[0].code][scene.retail.code]["value"] == "12"
    wrong = client.post(save, {**typed, "version": "2", "submit": "1"})
    assert wrong.status_code == 422
    assert "“x” is no number." in wrong.content.decode()
    good = {**typed, f"v-{part}-{scene.gdp.pk}": "6.1", "version": "3", "submit": "1"}
    assert client.post(save, good).status_code == 302
    sheet = scene.sheet()
    assert sheet.state == "submitted"
    client.force_login(scene.people["head"])
    assert "Sign these values" in client.get(page).content.decode()
    digest = sheeting.digest_of(sheet, sheeting.told(sheet))
    client.post(reverse("scorecards:sheet_sign", args=[pk]), {"digest": digest})
    assert len(scene.sheet().signatures) == 1
    client.force_login(scene.people["statistics"])
    client.post(reverse("scorecards:sheet_return", args=[pk]), {"why": "重报"})
    assert (scene.sheet().state, scene.sheet().returned_why) == ("returned", "重报")
    client.force_login(scene.people["neighbour"])
    assert client.get(page).status_code == 404
    client.force_login(scene.people["auditor"])
    assert client.get(reverse("scorecards:sheets")).status_code == 403


def test_a_workbook_goes_out_and_comes_back(client: Client) -> None:
    scene = make()
    step(NOW)
    pk = scene.sheet().pk
    client.force_login(scene.people["staff"])
    body = client.get(reverse("scorecards:sheet_file", args=[pk])).content
    book = load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["code", "name", "retail", "gdp"]
    assert [cell.value for cell in sheet[3]] == ["S1", "1街", None, None]
    sheet["C3"], sheet["D3"] = 12.1, 6.5
    out = io.BytesIO()
    book.save(out)
    upload = reverse("scorecards:sheet_upload", args=[pk])
    client.post(upload, {"file": SimpleUploadedFile("x.xlsx", out.getvalue())})
    cells = {key: cell["value"] for key, cell in scene.sheet().draft["S1"].items()}
    assert cells == {"retail": "12.1", "gdp": "6.5"}
    sheet["A3"] = "S2"
    other = io.BytesIO()
    book.save(other)
    for content, told in (
        (other.getvalue(), "Line 3: “S2” is not among the subjects of this sheet."),
        (b"PK", ""), (b"", "Choose a workbook of at most 8 MB."),
        (b"a,b\n1,2\n", ""),
    ):  # fmt: skip
        answer = client.post(
            upload, {"file": SimpleUploadedFile("x.xlsx", content)}, follow=True
        ).content.decode()
        assert told in answer
        assert "message" in answer or "note-error" in answer
    assert {key: cell["value"] for key, cell in scene.sheet().draft["S1"].items()} == cells
