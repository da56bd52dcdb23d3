"""Every write of evidence: events, files, custody and seals, none of which is changed later."""

from jiulong.evidence.actions.custody import NeedsAnotherPersonError, sign_custody
from jiulong.evidence.actions.events import Act, record_event, record_events
from jiulong.evidence.actions.files import Captured, keep_file, withdraw_file
from jiulong.evidence.actions.seals import SEALS, seal_due, seal_now

__all__ = [
    "SEALS",
    "Act",
    "Captured",
    "NeedsAnotherPersonError",
    "keep_file",
    "record_event",
    "record_events",
    "seal_due",
    "seal_now",
    "sign_custody",
    "withdraw_file",
]
