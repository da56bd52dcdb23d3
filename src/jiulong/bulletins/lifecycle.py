"""The life of a bulletin as data: `{(state, action): state}`."""

from __future__ import annotations

from typing import Final

DRAFT, WAITING, ISSUED = "draft", "waiting", "issued"
REPLACED, REVOKED, WITHDRAWN = "replaced", "revoked", "withdrawn"

LIFE: Final[dict[tuple[str, str], str]] = {
    (DRAFT, "edit"): DRAFT,
    (DRAFT, "recount"): DRAFT,
    (DRAFT, "submit"): WAITING,
    (DRAFT, "withdraw"): WITHDRAWN,
    (WAITING, "pass"): WAITING,
    (WAITING, "return"): DRAFT,
    (WAITING, "issue"): ISSUED,
    (ISSUED, "replace"): REPLACED,
    (ISSUED, "revoke"): REVOKED,
}
#: States in which nothing of the paper changes any more.
FROZEN: Final = frozenset({ISSUED, REPLACED, REVOKED})
