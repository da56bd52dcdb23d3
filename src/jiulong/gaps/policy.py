"""Every number of gaps and requests, by name, with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Period

#: A minute or hour is counted this long after its end, as the judge counts it.
GRACE: Final = thresholds.MISSING_GRACE
#: Loggers reckon and send a day's data some time after midnight.
DAY_GRACE: Final = timedelta(hours=2)

#: How long after a gap was found its logger is asked, by profile. A logger that was away sends what
#: it kept by itself when it is back; HJ 212-2025 obliges it to (newest first, RF=1).
FIRST_ASK: Final = {"2025": timedelta(hours=1)}
FIRST_ASK_OTHERS: Final = timedelta(minutes=15)
#: Waits after requests in a row that brought nothing; after the last one the gap is given up.
BACK_OFF: Final = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
#: A request that was never sent (the logger left) is made again after this; it was no try.
AGAIN: Final = timedelta(minutes=15)
#: Readings asked for at once. History comes one frame at a time, each waiting for our
#: acknowledgement (HJ 212-2017 §6.5), and a sampling order waits behind it: keep it short.
CHUNK: Final = {Period.MINUTE: 144, Period.HOUR: 168, Period.DAY: 31}
#: Older gaps are not asked for by themselves: HJ 353-2019 has loggers keep a year, few do.
ASK_WITHIN: Final = timedelta(days=90)
#: Requests of one round (a minute), and of one logger in a day.
PER_ROUND: Final = 20
PER_LOGGER_DAY: Final = 100
#: How long after its end a command's data have surely been recorded.
SETTLE: Final = timedelta(seconds=30)
#: What is asked for first: an hour counts for the day mean, a day is reckoned from hours anyway.
PRIORITY: Final = {Period.HOUR: 0, Period.DAY: 1, Period.MINUTE: 2}

#: A month's proof is recorded so long after its end: what comes back by itself has come by then.
PROOF_AFTER: Final = timedelta(days=3)

#: Periods of one step: months of a new point are a few steps, not one long transaction.
STEP_ROWS: Final = 200
STEP_SPAN: Final = {
    Period.MINUTE: timedelta(days=2),
    Period.HOUR: timedelta(days=31),
    Period.DAY: timedelta(days=31),
}
