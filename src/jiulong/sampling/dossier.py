"""What belongs to the dossier of a sample, and of a case with its samples."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from jiulong.cases.enclosures import Enclosed
from jiulong.cases.models import Case, Opened
from jiulong.evidence import guards
from jiulong.evidence.dossiers import build_dossier
from jiulong.organisation.rules import Viewer
from jiulong.sampling import papers, queries
from jiulong.sampling.models import Sample

Subject = tuple[str, int]


def subjects_of(sample: Sample) -> list[Subject]:
    """The sample, its order's command, what it was ordered for."""
    found: list[Subject] = [("sampling.sample", sample.pk)]
    if sample.command_id is not None:
        found.append(("gateway.command", sample.command_id))
    if sample.finding_id is not None:
        found.append(("monitoring.finding", sample.finding_id))
    if sample.draw_id is not None:
        found.append(("sampling.draw", sample.draw_id))
    return found


def subjects(case: Case) -> list[Subject]:
    """Samples that were ordered for the findings which opened or joined the case, and theirs."""
    references = Opened.objects.filter(case=case).values_list("reference", flat=True)
    numbers = [one.partition("/")[0] for one in references]
    findings = [int(one) for one in numbers if one.isascii() and one.isdecimal()]
    rows = Sample.objects.filter(finding__in=findings).order_by("pk")
    return list(dict.fromkeys(pair for sample in rows for pair in subjects_of(sample)))


def enclosed(viewer: Viewer, case: Case) -> Enclosed:
    """The case's samples with their commands and draws, as far as the viewer may see them."""
    wanted = subjects(case)
    return Enclosed([pair for pair in wanted if guards.may_see(viewer, pair[0], str(pair[1]))])


def build(viewer: Viewer, sample: Sample, out: Path) -> Path:
    """The bundle of one sample, verifiable offline; what the viewer may not see stays out.

    Raises:
        PermissionDenied: the viewer may not see the sample.
    """
    now = timezone.now()
    (row,) = queries.dress([sample], now)
    first, *rest = subjects_of(sample)
    seen = [pair for pair in rest if guards.may_see(viewer, pair[0], str(pair[1]))]
    return build_dossier(
        viewer=viewer, title=f"{sample.number} {sample.point}", facts=papers.facts(row),
        subjects=[first, *seen], out=out, now=now,
    )  # fmt: skip
