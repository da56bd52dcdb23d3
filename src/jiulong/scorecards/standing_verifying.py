"""Frozen standings against their sealed events: rules, input and rows, recounted from the input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiulong.evidence import verifying
from jiulong.scorecards import standing_digests
from jiulong.scorecards.engine.observations import Observations
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score
from jiulong.scorecards.models import Standing
from jiulong.scorecards.standing_inputs import restored


def is_as_told(standing: Standing, told: Mapping[str, Any]) -> bool:
    """Whether the rules, the input and the rows have the digests of the event, and the engine
    finds the same ranks again in the kept input.
    """
    rules = standing.scheme
    if standing_digests.digest(rules.spec) != told["rules"]:
        return False
    if standing_digests.of_inputs(standing.observations) != told["inputs"]:
        return False
    # Not `standing_specs.of`: the rules as they stand, whatever was read before.
    scheme = Scheme.read(rules.spec)
    rows = standing.rows.select_related("subject").defer("notes", "explained")
    if standing_digests.digest(standing_digests.of_rows(scheme, rows)) != told["digest"]:
        return False
    result = score(scheme, Observations.of(restored(standing.observations)), standing.period)
    return bool(standing_digests.digest(standing_digests.of_result(result)) == told["digest"])


def check() -> verifying.Checked:
    """Every frozen standing; the first that is not as its event tells."""
    frozen = Standing.objects.exclude(
        state__in=(Standing.State.COMPUTED, Standing.State.DISPUTABLE)
    )
    return verifying.as_told(
        "freeze_standing", frozen.select_related("scheme").order_by("pk").iterator(chunk_size=1),
        is_as_told, subject="scorecards.standing", say=str,
    )  # fmt: skip


def register_check() -> None:
    """Called once when the apps are ready."""
    verifying.register("standings", _("Frozen standings"), check)
