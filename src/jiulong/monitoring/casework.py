"""What the judge found, as triggers of packs read it: an exceedance becomes a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from jiulong.cases.triggers import Found
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Finding
from jiulong.monitoring.words import factor_name, point_title
from jiulong.packs import vocabulary

NAME: Final = "monitoring"
RELATED: Final = (
    "point__outfall__enterprise__unit",
    "point__outfall__enterprise__street",
    "factor",
)


class MonitoringFindings:
    """Findings in the order of their ids: the judge is alone, so that is the order of commits."""

    name = NAME

    def after(self, position: int, limit: int) -> Sequence[Found]:
        """The next findings after an id."""
        rows = Finding.objects.filter(pk__gt=position).select_related(*RELATED)
        return [_found(row) for row in rows.order_by("pk")[:limit]]


def about(finding: Finding) -> str:
    """What a finding is about: a second one about the same joins the open case."""
    factor = finding.factor.code if finding.factor else ""
    return "/".join(filter(None, (finding.point.code, finding.rule, factor)))


def _found(finding: Finding) -> Found:
    outfall = finding.point.outfall
    with translation.override("zh-hans"):  # a case is written in the district's language
        known = rules().get(finding.rule)
        rule = str(known.name) if known else finding.rule
        factor = factor_name(finding.factor) if finding.factor else ""
        title = f"{point_title(finding.point)}：{factor}{rule}"
        words = f"{title}，{timezone.localtime(finding.started_at):%Y-%m-%d %H:%M} 起。"
        if finding.value is not None and finding.limit_value is not None:
            words += (
                f"最高 {finding.value.normalize():f}，限值 {finding.limit_value.normalize():f}。"
            )
    return Found(
        id=finding.pk,
        kind=finding.rule,
        severity=finding.severity,
        about=about(finding),
        title=title,
        words=words,
        at=finding.started_at,
        enterprise=outfall.enterprise,
        area=outfall.enterprise.street,
        place=(outfall.longitude, outfall.latitude),
        data={"rule": finding.rule, "factor": finding.factor.code if finding.factor else ""},
    )


def offer_kinds() -> None:
    """Have the kinds of findings listed for whoever writes triggers."""
    vocabulary.offer(
        vocabulary.Words(
            key="findings",
            about=_("What engines find: `kinds` of a trigger `on: finding`, and its `source`"),
            words=lambda: [
                vocabulary.Word(code, rule.name, of=NAME) for code, rule in rules().items()
            ],
        )
    )
