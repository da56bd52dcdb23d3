"""Targets: the lines of a subject for a year or a quarter, on the page and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from jiulong.documents import DOCX, PDF, as_docx, as_pdf
from jiulong.organisation.rules import require
from jiulong.scorecards import paper, spark, words
from jiulong.scorecards.actions import causes
from jiulong.scorecards.expecting import Course, to_date
from jiulong.scorecards.models import Subject, Target
from jiulong.scorecards.queries.lines import AimLine, aim_lines, visible_subjects, whole, years

TYPES = {"pdf": (PDF, as_pdf), "docx": (DOCX, as_docx)}
#: Parts of a year with targets of their own: what counts from January.
QUARTERS = ("", "Q1", "H1")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    subject: Subject
    year: int
    part: str
    on: date

    @property
    def period(self) -> str:
        return f"{self.year}{self.part}" if self.part else ""


def asked(request: HttpRequest) -> Asked:
    """Subject, year and part of the year; the district and this year where nothing is said.

    Raises:
        PermissionDenied: the viewer may see no figures.
        Http404: nobody is measured, or no such subject.
    """
    require(request.user, "see_scores")
    code = request.GET.get("subject", "")
    rows = visible_subjects(request.user).select_related("parent", "unit")
    subject = rows.filter(code=code).first() if code else whole()
    if code and subject is None:
        raise Http404(code)
    on = timezone.localdate()
    known = years()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and int(text) in known else _usual(known, on.year)
    part = request.GET.get("part", "")
    if subject is None:
        raise Http404("subject")
    return Asked(subject, year, part if part in QUARTERS else "", on)


def _usual(known: list[int], year: int) -> int:
    past = [one for one in known if one <= year]
    return past[0] if past else (known[-1] if known else year)


@dataclass(frozen=True, slots=True)
class Shown:
    """A target line in words and small drawings."""

    line: AimLine
    category: str
    target: str
    value: str
    period: str
    by_time: str
    by_season: str
    light: str
    word: Any
    why: str
    rest: str
    curve: SafeString | str
    way: SafeString | str
    case: Any = None


def shown(lines: list[AimLine]) -> list[Shown]:
    """Lines as the page shows them; one query for what was asked about red ones."""
    cases = causes.open_cases(lines)
    return [_shown(line, cases.get(causes.reference(line.target))) for line in lines]


def _shown(line: AimLine, case: Any) -> Shown:
    row, told, latest = line.indicator, line.judged, line.latest
    expected = told.expected
    course = Course.of(row)
    way: SafeString | str = ""
    if latest and expected and line.target.value and course.spreads:
        way = spark.way(latest.value.value, expected.best, line.target.value, told.light)
    return Shown(
        line=line, category=row.category, target=words.target_words(line.target),
        value=words.in_unit(latest.value.value if latest else None, row),
        period=words.period_words(latest.period, cumulative=row.cumulative) if latest else "",
        by_time=words.in_unit(expected.by_time, row) if expected else "—",
        by_season=words.in_unit(expected.by_season, row) if expected and expected.by_season else "",
        light=told.light, word=words.LIGHTS[told.light], why=words.why(told, row),
        rest=words.rest(told, row, line.level), curve=_curve(line, course), way=way, case=case,
    )  # fmt: skip


def _curve(line: AimLine, course: Course) -> SafeString | str:
    if line.target.value is None or len(line.target.period) > 4:
        return ""
    aim = [(month, to_date(course, line.target.value, month, line.last_year).best)
           for month in range(1, 13)]  # fmt: skip
    return spark.curve([(one.month, one.value.value) for one in line.points], aim)


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """Every target of a subject for a year: where it stands, and what the rest must bring."""
    try:
        wanted = asked(request)
    except Http404:
        if whole() is not None:
            raise
        return render(request, "scorecards/targets.html", {"lines": [], "subject": None})
    lines = aim_lines(request.user, [wanted.subject], wanted.year, wanted.on, wanted.period)
    rows = shown(lines)
    counts = {light: sum(row.light == light for row in rows) for light in words.LIGHTS}
    context = {
        "subject": wanted.subject, "year": wanted.year, "part": wanted.part, "lines": rows,
        "years": years()[:6], "parts": _parts(wanted), "subjects": _choices(request),
        "counts": [(light, words.LIGHTS[light], count) for light, count in counts.items() if count],
        "here": urlencode({
            "subject": wanted.subject.code, "year": str(wanted.year), "part": wanted.part
        }),
    }  # fmt: skip
    return render(request, "scorecards/targets.html", context)


def _parts(wanted: Asked) -> list[tuple[str, str]]:
    """The parts of the year that have targets of their own, in words."""
    found = Target.objects.filter(
        subject=wanted.subject, current=True, period__startswith=str(wanted.year)
    ).order_by().values_list("period", flat=True).distinct()  # fmt: skip
    known = {period[4:] for period in found}
    names = {
        "": pgettext("targets", "Whole year"),
        "Q1": _t("First quarter: a good start"),
        "H1": _t("First half-year"),
    }
    return [(part, names[part]) for part in QUARTERS if part in known]


def _choices(request: HttpRequest) -> list[Subject]:
    """Subjects that have targets."""
    held = Target.objects.filter(current=True).order_by().values("subject")
    return list(visible_subjects(request.user).filter(pk__in=held).order_by("kind", "code"))


@require_safe
def sheet_of_quarter(request: HttpRequest, kind: str) -> HttpResponse:
    """The lines on one page: .pdf or .docx."""
    if kind not in TYPES:
        raise Http404(kind)
    wanted = asked(request)
    lines = aim_lines(request.user, [wanted.subject], wanted.year, wanted.on, wanted.period)
    language: Literal["zh", "en"] = "en" if (get_language() or "").startswith("en") else "zh"
    document = paper.one_page(
        wanted.subject, wanted.year, wanted.part, shown(lines), timezone.now(), language=language
    )
    content_type, make = TYPES[kind]
    answer = HttpResponse(make(document), content_type=content_type)
    name = f"targets-{wanted.subject.code}-{wanted.year}{wanted.part}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
