"""Every write of sampling, as a verb."""

from jiulong.sampling.actions.custody import (
    collect_sample,
    cosign_sample,
    discard_sample,
    hand_over_sample,
    seal_sample,
)
from jiulong.sampling.actions.drawing import promise_draw, take_draw
from jiulong.sampling.actions.following import look_at_sample, place_sample
from jiulong.sampling.actions.laboratory import dispose_sample, enter_result, receive_sample
from jiulong.sampling.actions.ordering import confirm_sample, order_sample, reject_sample
from jiulong.sampling.actions.samplers import renew_bottles, report_cabinet, set_sampler

__all__ = [
    "collect_sample",
    "confirm_sample",
    "cosign_sample",
    "discard_sample",
    "dispose_sample",
    "enter_result",
    "hand_over_sample",
    "look_at_sample",
    "order_sample",
    "place_sample",
    "promise_draw",
    "receive_sample",
    "reject_sample",
    "renew_bottles",
    "report_cabinet",
    "seal_sample",
    "set_sampler",
    "take_draw",
]
