"""A standing as two files, from which `jiulong score` recounts it outside."""

from __future__ import annotations

import csv
import io
from typing import Final

import yaml

from jiulong.scorecards import standing_specs
from jiulong.scorecards.models import SchemeVersion, Standing

HEAD: Final = ("subject", "group", "indicator", "period", "value", "ref")


def scheme_yaml(version: SchemeVersion) -> str:
    """The rules as `jiulong score --scheme` reads them, indicators named."""
    scheme = standing_specs.of(version)
    labels = standing_specs.labels(scheme)
    whole = scheme.model_copy(update={"labels": labels})
    plain = whole.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120))


def observations_csv(standing: Standing) -> str:
    """The rows on which a standing rests, as `jiulong score --observations` reads them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(standing.observations)
    return out.getvalue()
