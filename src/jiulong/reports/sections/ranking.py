"""Who stands where: enterprises and operating firms, by the published rule."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Paragraph, Table
from jiulong.packs.text import Text
from jiulong.registers import formulas
from jiulong.reports import ranking, rates
from jiulong.reports.figures import percent, rounded, share
from jiulong.reports.scope import Place
from jiulong.reports.sections import upkeep
from jiulong.reports.sections.base import Counting, Data, Row, Section, Shown, aligned

#: A figure that a formula names.
NAME: Final = re.compile(r"[a-z_]+")


def count(of: Counting) -> Data:
    """Both rankings, each with the rule it was made by."""
    firms = {row["name"]: row for row in upkeep.count(of)["firms"] if row["name"]}
    rules = {name: ranking.rule(name) for name in ranking.BOX}
    enterprises = _figures(of, "enterprise")
    operators = [
        {
            **row,
            "passed": firms[row["name"]]["passed_share"],
            "checks": firms[row["name"]]["checks"],
            "late_faults": firms[row["name"]]["late_faults"],
        }
        for row in _figures(of, "operator")
        if row["name"] in firms
    ]
    told = {"enterprises": enterprises, "operators": operators}
    return {
        name: {
            "rule": rules[name].model_dump(mode="json"),
            "rows": ranking.ranked(rules[name], rows),
        }
        for name, rows in told.items()
    }


def _figures(of: Counting, by: str) -> list[dict[str, Any]]:
    counts: defaultdict[str, rates.Counts] = defaultdict(rates.Counts)
    points: Counter[str] = Counter()
    outfalls: defaultdict[str, set[int]] = defaultdict(set)
    for pk, place in of.scope.places.items():
        name = _name(place, by)
        counts[name] += of.counts[pk]
        points[name] += 1
        outfalls[name].add(place.outfall_id)
    rows = []
    for name in filter(None, counts):
        known = [of.outfalls[pk] for pk in outfalls[name] if pk in of.outfalls]
        judged, over = sum(n for n, _over in known), sum(n for _judged, n in known)
        rows.append(
            {
                "name": name,
                "points": points[name],
                "judged": judged,
                "over": over,
                "within": share(judged - over, judged),
                **rates.told(counts[name]),
            }
        )
    return rows


def _name(place: Place, by: str) -> str:
    return place.enterprise if by == "enterprise" else place.operator or ""


def blocks(data: Data, _shown: Shown) -> list[Block]:
    """For each ranking its rule in full, then the table."""
    heads = {"enterprises": _("Enterprise"), "operators": _("Operating firm")}
    out: list[Block] = []
    for name, head in heads.items():
        told = data[name]
        out += [Paragraph(_rule(told["rule"]), indent=False), _table(told, head)]
    return out


def _rule(rule: dict[str, Any]) -> str:
    title = Text.of(rule["title"]).show()
    told = _("%(title)s = %(formula)s. Higher is better. Source of the rule: %(source)s.")
    formula = NAME.sub(lambda found: str(ranking.FIGURES[found[0]]), rule["formula"])
    formula = formula.replace("*", "×").replace("/", "÷")
    return told % {"title": title, "formula": formula, "source": rule["source"]}


def _table(told: dict[str, Any], head: str) -> Table:
    named = formulas.names(told["rule"]["formula"]).numbers
    figures = [key for key in ranking.FIGURES if key in named]
    labels = {one.code: str(one.label) for one in rates.DEFINITIONS.values()}
    labels |= {"within": _("Within the limits"), "passed": _("Checks passed")}
    rows: list[Row] = [
        [
            str(row["rank"] or "–"),
            row["name"],
            *(_cell(row.get(key)) for key in figures),
            rounded(row["score"], ranking.PLACES),
        ]
        for row in told["rows"]
    ]
    return Table(
        head=[
            _("Rank"),
            head,
            *(labels.get(key, str(ranking.FIGURES[key])) for key in figures),
            pgettext("account", "Score"),
        ],
        rows=rows,
        widths=(1, 5, *[2.0] * len(figures), 1.5),
        align=aligned(2, len(figures) + 1),
        note=_("Who lacks a figure of the rule is not ranked."),
    )


def _cell(value: Any) -> str:
    return percent(value) if value is None or isinstance(value, str) else str(value)


SECTION = Section("ranking", gettext_lazy("Ranking"), count, blocks)
