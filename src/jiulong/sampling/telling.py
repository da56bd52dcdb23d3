"""Telling open pages that a sample changed."""

from __future__ import annotations

from jiulong.gateway.channels import COMMAND_STEPS, notify
from jiulong.sampling.models import Sample


def changed(sample: Sample) -> None:
    """Have open pages look again. The dialogue's channel: who may not see it hears nothing."""
    notify(COMMAND_STEPS, str(sample.command_id) if sample.command_id else "")
