"""A standing as two files, from which `jiulong score` recounts it outside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import yaml

from jiulong.scorecards import standing_specs
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import SchemeVersion, Standing

HEAD: Final = ("subject", "group", "indicator", "period", "value", "ref")


def scheme_yaml(version: SchemeVersion) -> str:
    """The rules as `jiulong score --scheme` reads them, indicators named."""
    scheme = standing_specs.of(version)
    return as_yaml(scheme.model_copy(update={"labels": standing_specs.labels(scheme)}))


def observations_csv(standing: Standing) -> str:
    """The rows on which a standing rests, as `jiulong score --observations` reads them."""
    return as_csv(standing.observations)


def as_yaml(scheme: Scheme) -> str:
    """A scheme as a file; what is as usual is left out."""
    plain = scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120))


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Kept rows as a file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return out.getvalue()
