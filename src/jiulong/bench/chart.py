"""`jiulong bench chart`: thirty days of minutes as a chart's data, from the real web process."""

from __future__ import annotations

import gzip
import http.client
import json
import statistics
import time
from dataclasses import dataclass
from typing import Any, Final

from jiulong.bench.populate_chart import DAYS
from jiulong.bench.scratch import HOST, FailedError, scratch

REQUESTS: Final = 15
#: The first requests load code and open connections; a server is warm the rest of its life.
WARM_UP: Final = 3
TIMEOUT_S: Final = 30
#: Code of the point that `populate` makes first.
POINT: Final = "B0"
PATH: Final = f"/points/{POINT}/series.json?factor=w01018&period=minute&span={DAYS}d"


@dataclass(frozen=True, slots=True)
class Chart:
    """`ms` is the median of several requests, `ms_worst` the slowest; `bytes` as they cross the
    line (a browser asks for gzip), `bytes_plain` unpacked; `readings` stand behind `points`."""

    ms: float
    ms_worst: float
    bytes: int
    bytes_plain: int
    points: int
    readings: int


def _get(port: int, session: str) -> tuple[float, bytes, bytes]:
    """Milliseconds, the body as it came, and the body unpacked.

    Raises:
        FailedError: the answer is not the chart's data.
    """
    headers = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
    try:
        begun = time.perf_counter()
        connection.request("GET", PATH, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - begun) * 1000
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise FailedError(f"GET {PATH}: {answer.status} {body[:200]!r}")
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return taken, body, gzip.decompress(body) if packed else body


def measure(requests: int = REQUESTS) -> Chart:
    """Ask the running web process for the chart, again and again.

    Raises:
        FailedError: the web process did not start, or answered something else.
    """
    with scratch(loggers=1, base=int(time.time())) as system:
        session = system.run("jiulong.bench.populate_chart").strip()
        with system.house("web") as house:
            for _ in range(WARM_UP):
                _get(house.web_port, session)
            answers = [_get(house.web_port, session) for _ in range(requests)]
    times = [taken for taken, _, _ in answers]
    _, body, plain = answers[-1]
    content: dict[str, Any] = json.loads(plain)
    return Chart(
        ms=round(statistics.median(times), 1),
        ms_worst=round(max(times), 1),
        bytes=len(body),
        bytes_plain=len(plain),
        points=len(content["points"]),
        readings=content["summary"]["count"],
    )
