"""`jiulong bench alarm`: from a frame over the limit to the alarm that the desk's query shows.

Gateway, recorder and judge run as on a site. Every logger sends its real-time frames meanwhile; one
after the other sends an hourly mean over the limit, at moments that do not keep step with anything.
The time runs from the frame's last byte to the first look that sees the alarm's row committed.
"""

from __future__ import annotations

import random
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg

import hj212
from jiulong.bench.generator import PASSWORD, mn_of
from jiulong.bench.scratch import HOST, FailedError, Scratch, scratch

POINTS: Final = 120
EVENTS: Final = 100
#: Between two events, in seconds.
GAP_S: Final = (0.2, 1.2)
LOOK_S: Final = 0.02
PATIENCE_S: Final = 30.0
#: A real-time frame of each point a minute.
ROUND_S: Final = 60.0
LOCAL: Final = ZoneInfo("Asia/Shanghai")

#: An outfall a point, so that every event is an alarm of its own, and a limit for the hour.
APART: Final = """
INSERT INTO monitoring_outfall (enterprise_id, code, name, longitude, latitude, receiving_water)
SELECT o.enterprise_id, 'BENCH' || p.id, 'Bench', o.longitude, o.latitude, ''
FROM monitoring_point p JOIN monitoring_outfall o ON o.id = p.outfall_id;
UPDATE monitoring_point p SET outfall_id = o.id
FROM monitoring_outfall o WHERE o.code = 'BENCH' || p.id;
INSERT INTO monitoring_limit (point_id, factor_id, statistic, maximum, valid_from, source, origin,
                              reference, supersedes, note)
SELECT p.id, f.id, 'hour', 50, '2020-01-01', 'bench', 'permit', '', '[]', ''
FROM monitoring_point p, monitoring_factor f WHERE f.code = 'w01018'
"""
STANDING: Final = """
SELECT EXISTS (SELECT FROM monitoring_alarm a JOIN monitoring_point p ON p.outfall_id = a.outfall_id
               WHERE p.code = %s AND a.family = 'limit' AND a.state = 'open')
"""


@dataclass(frozen=True, slots=True)
class Alarms:
    """The figures: seconds from the frame to the alarm. `missed` came too late or never."""

    points: int
    frames_over: int
    missed: int
    alarm_p50_s: float
    alarm_p95_s: float
    alarm_max_s: float


def measure(points: int = POINTS, events: int = EVENTS, seed: int = 1) -> Alarms:
    """Send `events` exceedances, each of another point, and watch for their alarms.

    Raises:
        FailedError: a process failed, or no alarm ever came.
    """
    luck = random.Random(seed)  # noqa: S311 - a moment, no secret
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    with scratch(loggers=points, base=int(hour.timestamp())) as system, ExitStack() as stack:
        _set_apart(system)
        house = stack.enter_context(system.house("gateway", "recorder", "judge"))
        lines = [
            stack.enter_context(socket.create_connection((HOST, house.gateway_port), timeout=10))
            for _ in range(points)
        ]
        stack.enter_context(_background(lines, luck))
        times = [
            _event(system, lines[n], n, hour, luck)
            for n in luck.sample(range(points), min(events, points))
        ]
        house.check()
    came = sorted(time for time in times if time is not None)
    if not came:
        raise FailedError("no alarm came")
    return Alarms(
        points=points,
        frames_over=len(times),
        missed=len(times) - len(came),
        alarm_p50_s=round(statistics.median(came), 3),
        alarm_p95_s=round(came[min(len(came) - 1, int(len(came) * 0.95))], 3),
        alarm_max_s=round(came[-1], 3),
    )


def _set_apart(system: Scratch) -> None:
    with system.connect() as connection:
        for statement in APART.split(";"):
            connection.execute(statement)


def _event(
    system: Scratch, line: socket.socket, number: int, hour: datetime, luck: random.Random
) -> float | None:
    """Seconds from one hourly mean over the limit to its alarm; None: it did not come."""
    time.sleep(luck.uniform(*GAP_S))
    data = f"DataTime={_stamp(hour)};w01018-Avg=66.6,w01018-Flag=N"
    with system.connect() as connection:
        line.sendall(_frame(number, "2061", data))
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < PATIENCE_S:
            if _stands(connection, f"B{number}"):
                return passed
            time.sleep(LOOK_S)
    return None


def _stands(connection: psycopg.Connection[Any], point: str) -> bool:
    (stands,) = connection.execute(STANDING, [point]).fetchone() or (False,)
    return bool(stands)


@contextmanager
def _background(lines: list[socket.socket], luck: random.Random) -> Iterator[None]:
    """Real-time frames of every point, once a minute each, and everybody's answers read away."""
    over = threading.Event()
    order = list(range(len(lines)))
    luck.shuffle(order)

    def send() -> None:
        while not over.is_set():
            for number in order:
                if over.wait(ROUND_S / len(lines)):
                    return
                data = f"DataTime={_stamp(datetime.now(UTC))};w01018-Rtd=30.0,w01018-Flag=N"
                lines[number].sendall(_frame(number, "2011", data))

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _frame(number: int, cn: str, data: str) -> bytes:
    now = datetime.now(LOCAL)
    return hj212.encode(
        qn=f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}", st="32", cn=cn, pw=PASSWORD,
        mn=mn_of(number), flag=4, cp=data,
    )  # fmt: skip


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y%m%d%H%M%S}"
