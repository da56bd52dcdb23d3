"""Processes are kept running, and none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from jiulong.demo.supervisor import (
    RESTART_S,
    NotReadyError,
    Service,
    Supervisor,
    free_port,
    listens,
    services,
)

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
LISTENER = (
    "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1])));\n"
    "while True: s.accept()[0].close()"
)
PATIENCE_S = 20.0


def sleeper(name: str = "sleeper") -> Service:
    return Service(name, [sys.executable, "-c", SLEEPER], ready="up")


def eventually(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor([sleeper(), sleeper("other")], logs=tmp_path) as running:
        running.wait_ready(PATIENCE_S)
        yield running


def test_it_starts_everything_and_keeps_the_logs(house: Supervisor, tmp_path: Path) -> None:
    assert set(house.pids()) == {"sleeper", "other"}
    assert (tmp_path / "sleeper.log").read_text() == "up\n"


def test_what_is_killed_comes_back(house: Supervisor) -> None:
    before = house.pids()
    assert house.kill("sleeper")
    eventually(lambda: house.pids().get("sleeper") not in {None, before["sleeper"]})
    house.wait_ready(PATIENCE_S)
    assert house.pids()["other"] == before["other"]
    assert house.restarts() == {"sleeper": 1, "other": 0}


def test_nothing_is_left_when_it_stops(tmp_path: Path) -> None:
    # A child that starts another and ignores what it is asked.
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid,"
        " flush=True); time.sleep(600)"
    )
    service = Service("stubborn", [sys.executable, "-c", stubborn], ready="\n")
    running = Supervisor([service, sleeper()], logs=tmp_path, stop_s=0.2)
    running.start()
    running.wait_ready(PATIENCE_S)
    pids = {*running.pids().values(), int((tmp_path / "stubborn.log").read_text())}
    running.stop()
    eventually(lambda: not any(map(lives, pids)))
    assert running.pids() == {}


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_nothing_is_left_when_it_is_killed_itself(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.mkdir()
    program = (
        "import sys, time; from pathlib import Path\n"
        "from jiulong.demo.supervisor import Service, Supervisor\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "s = Supervisor([Service('sleeper', sleep)],"
        f" logs=Path({str(tmp_path)!r}), guards=('remove {rubbish}',))\n"
        "s.start(); print(s.pids()['sleeper'], flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    eventually(lambda: not lives(child))
    eventually(lambda: not rubbish.exists())


def test_a_service_is_ready_when_it_listens(tmp_path: Path) -> None:
    port = free_port()
    assert not listens(port)
    service = Service("listener", [sys.executable, "-c", LISTENER, str(port)], port=port)
    with Supervisor([service], logs=tmp_path) as running:
        running.wait_ready(PATIENCE_S)
        assert running.ready("listener")
        assert listens(port)
    assert not listens(port)


def test_what_never_becomes_ready_is_told_with_its_log(tmp_path: Path) -> None:
    service = Service("broken", [sys.executable, "-c", "print('no such table')"], ready="never")
    with Supervisor([service], logs=tmp_path) as running:
        eventually(lambda: running.restarts()["broken"] > 0)
        with pytest.raises(NotReadyError, match="broken is not ready:\nno such table"):
            running.wait_ready(0.0)


def test_what_keeps_dying_is_started_less_and_less_often(tmp_path: Path) -> None:
    clock = {"now": 0.0}
    service = Service("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    running = Supervisor([service], logs=tmp_path, clock=lambda: clock["now"])
    running.prepare()
    running.step()
    for wait in (*RESTART_S, RESTART_S[-1]):
        eventually(lambda: "broken" not in running.pids())
        assert running.step() == 0  # buried
        clock["now"] += wait - 0.001
        assert running.step() == 0
        clock["now"] += 0.002
        assert running.step() == 1
    running.stop()


def test_one_more_service_can_come_later(house: Supervisor) -> None:
    house.add(sleeper("late"))
    house.wait_ready(PATIENCE_S)
    assert set(house.pids()) == {"sleeper", "other", "late"}


def test_a_signal_to_nobody_is_told(house: Supervisor) -> None:
    with pytest.raises(KeyError):
        house.kill("nobody")
    house.stop()
    assert not house.kill("sleeper")


class Database:
    """Counts how often somebody makes sure that it runs; fails the first time."""

    def __init__(self) -> None:
        self.asked = 0

    def restart(self) -> None:
        self.asked += 1
        if self.asked == 1:
            raise OSError("not yet")


def test_the_database_is_brought_back_and_may_take_its_time(tmp_path: Path) -> None:
    database = Database()
    with Supervisor([sleeper()], logs=tmp_path, database=database) as running:
        eventually(lambda: database.asked > 2)
        running.wait_ready(PATIENCE_S)


def test_a_small_site_has_five_processes() -> None:
    found = services(
        gateway_host="0.0.0.0", gateway_port=9212, web_host="127.0.0.1", web_port=8000,
        environment={"JIULONG_VAR": "/var/lib/jiulong"},
    )  # fmt: skip
    assert [service.name for service in found] == [
        "web", "gateway", "recorder", "judge", "keeper",
    ]  # fmt: skip
    assert {service.port for service in found} == {8000, 9212, None}
    assert all(service.environment == {"JIULONG_VAR": "/var/lib/jiulong"} for service in found)
