"""Every write of bulletins, meetings, pairings and letters."""

from jiulong.bulletins.actions.forms import add_form, retire_form
from jiulong.bulletins.actions.papers import (
    ChangedError,
    draft_bulletin,
    edit_bulletin,
    recount_bulletin,
    submit_bulletin,
    withdraw_bulletin,
)
from jiulong.bulletins.actions.passing import pass_bulletin, publish_bulletin, return_bulletin

__all__ = [
    "ChangedError",
    "add_form",
    "draft_bulletin",
    "edit_bulletin",
    "pass_bulletin",
    "publish_bulletin",
    "recount_bulletin",
    "retire_form",
    "return_bulletin",
    "submit_bulletin",
    "withdraw_bulletin",
]
