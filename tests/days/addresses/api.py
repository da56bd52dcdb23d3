"""Tokens for programs."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import SENT, Look

LOOKS: Final = (
    Look("api_tokens", "supervisor"),
)  # fmt: skip
OTHERS: Final = {
    SENT: "api_token_revoke",
}
