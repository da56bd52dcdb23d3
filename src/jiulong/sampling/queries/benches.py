"""What a laboratory sees: codes, factors, clocks. Never whose water it is."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.organisation.rules import Viewer
from jiulong.sampling.guarding import bench
from jiulong.sampling.models import Sample


def bench_samples(viewer: Viewer, *, text: str = "") -> QuerySet[Sample]:
    """Samples that were handed over to the viewer's laboratory, newest first."""
    rows = bench(viewer).select_related("laboratory").order_by("-handed_over_at", "-pk")
    return rows.filter(code__icontains=text) if text else rows


def bench_sample(viewer: Viewer, code: str) -> Sample:
    """One of them by its code. Sample.DoesNotExist also where the viewer may not see it."""
    return bench_samples(viewer).select_related("point", "sampler").get(code=code.upper())
