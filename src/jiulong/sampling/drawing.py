"""Who is drawn: a pure function that anybody can recompute with SHA-256 alone.

Before the draw two digests are published: of the secret seed, and of the list of candidates. The
seed stays secret until then, or everybody could work out who comes next. At the draw the seed is
told; then anybody can check that it is the promised one, and who had to be drawn:

    rank of a point = SHA-256 of "<seed>\\n<code of the point>", as 64 hex digits
    drawn           = the `count` candidates with the lowest ranks, lowest first
    moment          = opens + (SHA-256 of "<seed>\\nmoment" as a number) mod (whole seconds between)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

MOMENT: Final = "moment"


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hex digits."""
    return sha256(text.encode()).hexdigest()


def listed(candidates: Iterable[str]) -> str:
    """The list as it is hashed: sorted codes, one a line, no line end after the last."""
    return "\n".join(sorted(candidates))


def rank(seed: str, code: str) -> str:
    """Where a candidate stands; the lowest are drawn."""
    return digest(f"{seed}\n{code}")


def draw(seed: str, candidates: Iterable[str], count: int) -> list[str]:
    """The drawn codes, in order of their ranks. Fewer candidates than `count`: all of them."""
    return sorted(set(candidates), key=lambda code: rank(seed, code))[:count]


def moment(seed: str, opens: datetime, closes: datetime) -> datetime:
    """When the samples are taken: at a whole second from `opens` (included) to `closes`."""
    seconds = max(int((closes - opens).total_seconds()), 1)
    return opens + timedelta(seconds=int(digest(f"{seed}\n{MOMENT}"), 16) % seconds)


@dataclass(frozen=True, slots=True)
class Recount:
    """What recomputing a draw says of it."""

    seed_is_promised: bool
    candidates_are_promised: bool
    drawn_is_right: bool
    ranks: tuple[tuple[str, str], ...]  # (rank, code), lowest first

    @property
    def right(self) -> bool:
        """Whether nothing was changed since it was promised."""
        return self.seed_is_promised and self.candidates_are_promised and self.drawn_is_right


def recount(
    *,
    seed: str,
    seed_sha256: str,
    candidates: Sequence[str],
    candidates_sha256: str,
    count: int,
    drawn: Sequence[str],
) -> Recount:
    """Recompute a draw from what was published."""
    return Recount(
        seed_is_promised=digest(seed) == seed_sha256,
        candidates_are_promised=digest(listed(candidates)) == candidates_sha256,
        drawn_is_right=draw(seed, candidates, count) == list(drawn),
        ranks=tuple(sorted((rank(seed, code), code) for code in set(candidates))),
    )
