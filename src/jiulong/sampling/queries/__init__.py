"""Every read that pages and the API need. All take the viewer and show only what is theirs."""

from jiulong.sampling.queries.benches import bench_sample, bench_samples
from jiulong.sampling.queries.carousels import Place, carousel, held_back, sampler, samplers
from jiulong.sampling.queries.draws import draw, draws, recounted
from jiulong.sampling.queries.samples import (
    STATES,
    Row,
    by_code,
    clocks_of,
    dress,
    sample,
    samples,
    to_collect,
)

__all__ = [
    "STATES",
    "Place",
    "Row",
    "bench_sample",
    "bench_samples",
    "by_code",
    "carousel",
    "clocks_of",
    "draw",
    "draws",
    "dress",
    "held_back",
    "recounted",
    "sample",
    "sampler",
    "samplers",
    "samples",
    "to_collect",
]
