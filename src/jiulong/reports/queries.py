"""Every read of accounts: authors see drafts, who sees all data sees what was published."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.monitoring.models import Outfall
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may
from jiulong.reports.models import Report


def reports(viewer: Viewer) -> QuerySet[Report]:
    """The accounts that the viewer may read."""
    found = Report.objects.select_related("area", "drafted_by", "published_by")
    if may(viewer, "publish_report") and may(viewer, "see_all"):
        return found
    if may(viewer, "see_all"):
        return found.exclude(state=Report.State.DRAFT)
    return found.none()


def report(viewer: Viewer, pk: int) -> Report:
    """One of them with its signatures. Report.DoesNotExist also where the viewer may not."""
    return reports(viewer).prefetch_related("signatures").get(pk=pk)


def streets(viewer: Viewer) -> QuerySet[Unit]:
    """Streets that have enterprises: what an account may be about besides the district."""
    if not may(viewer, "publish_report"):
        return Unit.objects.none()
    return Unit.objects.filter(enterprises_here__outfalls__isnull=False).distinct().order_by("path")


def outfalls(viewer: Viewer) -> QuerySet[Outfall]:
    """Every outfall, with whether it is public, for those who decide about it."""
    if not may(viewer, "publish_report"):
        return Outfall.objects.none()
    return Outfall.objects.select_related("enterprise", "public").order_by(
        "enterprise__name", "code"
    )
