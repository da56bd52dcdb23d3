"""What a month's report cannot say, and what it says only with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from jiulong.projects import stages
from jiulong.projects.lights import gathering
from jiulong.projects.models import MonthReport, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A month and what was done from January to its end, in 万元."""

    month: date
    done: Decimal
    reason: str
    today: date


def faults(project: Project, said: Said) -> dict[str, str]:
    """By field: what no reason makes right."""
    if said.month > said.today:
        return {"month": _("That month has not begun.")}
    if project.dropped_on is not None:
        return {"month": _("The project was taken off the list.")}
    if not project.plans.filter(year=said.month.year).exists():
        return {"month": _("No plan stands for %(year)s: plan the year first.") % {
            "year": said.month.year}}  # fmt: skip
    if said.done < 0:
        return {"done": _("Investment cannot be negative.")}
    return _out_of_line(project, said)


def _out_of_line(project: Project, said: Said) -> dict[str, str]:
    """Less than an earlier month of the year, or more than a later one."""
    counted = project.reports.filter(
        month__year=said.month.year, state__in=gathering.COUNTED
    ).order_by("month")
    before = counted.filter(month__lt=said.month).last()
    if before is not None and said.done < before.done:
        told = _("Investment adds up from January and cannot fall: %(month)s had %(done)s.")
        return {"done": told % {"month": f"{before.month:%Y-%m}", "done": before.done}}
    after = counted.filter(month__gt=said.month).first()
    if after is not None and said.done > after.done:
        told = _("%(month)s says less, %(done)s: correct that month first.")
        return {"done": told % {"month": f"{after.month:%Y-%m}", "done": after.done}}
    return {}


def doubts(project: Project, said: Said) -> dict[str, str]:
    """By field: what looks wrong and needs a reason."""
    spec = gathering.in_force(gathering.all_rules(), said.today)
    share = spec.most_of_total if spec else gathering.MOST_OF_TOTAL
    so_far = invested_before(project, said.month.year) + said.done
    most = project.total_investment * share
    if so_far > most:
        told = _("With earlier years that is %(sum)s of %(total)s in total: say why.")
        return {"reason": told % {"sum": so_far, "total": project.total_investment}}
    begun = project.started_on is not None and project.started_on <= gathering.last_of(said.month)
    if said.done > 0 and not begun:
        return {"reason": _("Works have not started: say what was paid for.")}
    if project.stage in stages.DONE and project.finished_on is not None:
        last = (
            project.reports.filter(month__lt=said.month, state__in=gathering.COUNTED)
            .filter(month__year=said.month.year)
            .last()
        )
        ended = project.finished_on < said.month
        if ended and said.done > (last.done if last else 0):
            return {"reason": _("Works were completed before this month: say what was paid for.")}
    return {}


def invested_before(project: Project, year: int) -> Decimal:
    """万元 up to the end of the year before, as far as it is known here."""
    ended = (
        MonthReport.objects.filter(
            project=project, month__year__lt=year, state__in=gathering.COUNTED
        )
        .order_by()
        .values("month__year")
        .annotate(most=Max("done"))
    )
    return project.invested_before + sum((row["most"] for row in ended), Decimal(0))
