"""Many small things made at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """The collector of cycles rests while hundreds of thousands of steps are made.

    They hold no cycles and are all kept, so that looking through them again and again finds
    nothing and takes two thirds of the time (measured: 1.4 s → 0.5 s for 24,000 criteria).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
