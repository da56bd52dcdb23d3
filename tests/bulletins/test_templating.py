"""Forms of an office: what is refused and where, and what filling them gives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from jiulong.bulletins import templating
from jiulong.bulletins.paper import Printed


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def form(*paragraphs: str, change: Callable[[Any], None] | None = None) -> bytes:
    paper = docx.Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    if change is not None:
        change(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO(form("{{ title }}"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


def told(**changes: Any) -> Printed:
    table = {"caption": "表", "head": ["名次", "单位"], "rows": [["1", "甲"], ["2", "乙<&>"]],
             "widths": [1, 3], "align": ["center", "left"]}  # fmt: skip
    part = {"heading": "一、排名", "paragraphs": ["第一段"], "tables": [table], "key": ""}
    known: dict[str, Any] = {
        "head": "通报", "title": "题目 {{ 7*7 }} <&>", "number": "1号",
        "to": "各单位：",
        "sections": [part], "signed": "芗城区", "on": "2026年3月10日", "copies": "", "mark": "",
        "printed_by": "督查室", "footer": "abc · #1", "sources": [["q1", "1", "甲", "x", "d"]],
        "made_at": datetime(2026, 3, 10, tzinfo=UTC),
    }  # fmt: skip
    return Printed(**{**known, **changes})


def faults(content: bytes) -> str:
    with pytest.raises(templating.BadFormError) as refused:
        templating.check(content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("paragraph", "what"),
    [
        ("{{ titel }}", "titel"),
        ("{{ title", "not closed"),
        ("{{ title.__class__ }}", "__class__"),
        ("{{ cycler() }}", "only print"),
        ("{% set a = 1 %}", "set a"),
        ("{% include 'x' %}", "include"),
        ("{{ title|attr('x') }}", "attr"),
        ("{{ 1 + }}", "cannot be read"),
        ("{{ 9**9**9 }}", "only print"),
        ("{{ title * 999999999 }}", "only print"),
        ("{% if title ~ title %}{% endif %}", "only print"),
    ],
)
def test_it_names_what_is_wrong_and_its_paragraph(paragraph: str, what: str) -> None:
    found = faults(form("甲", "乙", paragraph))
    assert "3" in found
    assert what in found


LOOPED = "{% for a in sources %}{% for b in sources %}{{ b }}{% endfor %}{% endfor %}"


ASIDE = (
    "{% for s in sections %}{% for t in s.tables %}{% for p in s.paragraphs %}x"
    "{% endfor %}{% endfor %}{% endfor %}"
)


def hidden(paper: Any) -> None:
    """A loop in a content control, which Word's paragraphs do not show."""
    where = paper.add_paragraph()._p
    where.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:r><w:t>{LOOPED}</w:t></w:r></w:sdtContent>"
            "</w:sdt>"
        )
    )


def in_title(paper: Any) -> None:
    paper.core_properties.title = LOOPED


def on_first_page(paper: Any) -> None:
    section = paper.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = LOOPED


@pytest.mark.parametrize("change", [hidden, in_title, on_first_page])
def test_loops_that_multiply_are_refused_wherever_they_hide(change: Callable[[Any], None]) -> None:
    content = form("{{ title }}", change=change)
    assert "runs only over" in faults(content)
    with pytest.raises(templating.BadFormError):
        templating.fill(content, told())


@pytest.mark.parametrize(
    ("paragraph", "what"),
    [
        (LOOPED, "runs only over “a”"),
        ("{% for s in sections %}{% for t in sources %}x{% endfor %}{% endfor %}", "only over “s”"),
        (ASIDE, "only over “t”"),
        ("{% for a, b in sources %}x{% endfor %}", "one name"),
    ],
)
def test_a_loop_runs_over_what_the_one_around_it_gives(paragraph: str, what: str) -> None:
    assert what in faults(form(paragraph))
    whole = (
        "{% for s in sections %}{% for t in s.tables %}{% for row in t.rows %}{% for c in row %}"
        "{{ c }};{% endfor %}{% endfor %}{% endfor %}{% endfor %}"
    )
    templating.check(form(whole))
    made = docx.Document(io.BytesIO(templating.fill(form(whole), told())))
    assert made.paragraphs[0].text == "1;甲;2;乙<&>;"


def test_it_names_every_fault_at_once_also_in_tables_and_feet() -> None:
    def change(paper: Any) -> None:
        paper.add_table(1, 1).rows[0].cells[0].text = "{{ nobody }}"
        paper.sections[0].footer.paragraphs[0].text = "{{ nothing }}"

    found = faults(form("{{ title }}", change=change))
    assert "nobody" in found
    assert "nothing" in found


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"no zip", "no .docx"),
        (b"0" * (templating.SIZE_MAX + 1), "MB"),
        (with_part("word/vbaProject.bin", b"x"), "macros"),
        (with_part("word/big.xml", b"0" * 3_000_000), "unpacks"),
        (with_part("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "entities"),
        (with_part("word/_rels/x.rels", b'<R TargetMode="External"/>'), "outside"),
    ],
)
def test_it_refuses_files_that_are_no_forms(content: bytes, what: str) -> None:
    assert what in faults(content)


@pytest.mark.parametrize("red", [True, False])
def test_the_forms_of_the_box_pass_and_print_everything_as_text(red: bool) -> None:
    templating.check(templating.built_in(red=red))
    made = templating.fill(templating.built_in(red=red), told())
    assert made == templating.fill(templating.built_in(red=red), told())
    paper = docx.Document(io.BytesIO(made))
    texts = [one.text for one in paper.paragraphs]
    assert {"题目 {{ 7*7 }} <&>", "一、排名", "第一段", "各单位："} <= set(texts)
    assert ("通报" in texts) is red
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells == [["名次", "单位"], ["1", "甲"], ["2", "乙<&>"]]
    section = paper.sections[0]
    assert [round(one.mm) for one in (section.left_margin, section.top_margin)] == [28, 37]
    assert "abc · #1" in [one.text for one in section.footer.paragraphs]
    assert "{%" not in "".join(texts)
