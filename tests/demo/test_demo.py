"""The demo, the small site and the fleet as a person starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from jiulong.demo.actions import DEMO_PASSWORD, create_accounts
from jiulong.demo.supervisor import free_port, listens
from jiulong.gateway.models import Logger

PATIENCE_S = 180


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A place of its own, and proof that nothing stays in it or lives on."""
    # Short, because a socket's path may have 107 characters.
    tmp_path.chmod(0o755)
    for above in tmp_path.parents[:2]:
        above.chmod(0o755)
    clean = {k: v for k, v in os.environ.items() if k != "JIULONG_DATABASE_URL"}
    yield {**clean, "JIULONG_VAR": str(tmp_path), "JIULONG_LOG_LEVEL": "WARNING"}
    left = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(str(tmp_path) in word for word in process.info["cmdline"] or ())
    ]
    assert left == []


def jiulong(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "jiulong", *arguments]


@pytest.mark.system
def test_the_demo_ends_by_itself_and_accounts_for_every_frame(
    environment: dict[str, str], tmp_path: Path
) -> None:
    command = jiulong("demo", "--for", "1", "--loggers", "6", "--days", "0.1")
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    account = json.loads(lines[-1])
    assert list(account) == [
        "frames_acked", "frames_recorded", "quarantined", "findings", "seals", "lost", "duplicated",
    ]  # fmt: skip
    assert (account["lost"], account["duplicated"]) == (0, 0)
    assert account["frames_acked"] >= 29 + 5
    assert account["frames_recorded"] > account["frames_acked"]
    assert account["quarantined"] >= 2
    assert account["seals"] >= 1
    assert any("40" in line and "29" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.system
def test_ctrl_c_leaves_nothing_behind(environment: dict[str, str], tmp_path: Path) -> None:
    command = jiulong("demo", "--loggers", "2", "--days", "0", "--port", str(port := free_port()))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            if "40" in said and "29" in said.splitlines()[-1]:  # this line says: the fleet is live
                demo.send_signal(signal.SIGINT)
            said += line
        assert demo.wait(PATIENCE_S) == 0
    assert DEMO_PASSWORD in said
    assert not listens(port)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_scenario_is_told_before_anything_starts(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("- outage: {who: all}", encoding="utf-8")
    command = jiulong("demo", "--scenario", str(path))
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert ended.returncode == 1
    assert "bad.yaml:1: outage needs for, from" in ended.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.system
def test_a_small_site_runs_until_it_is_told_to_stop(environment: dict[str, str]) -> None:
    web, gateway = free_port(), free_port()
    command = jiulong(
        "run", "--port", str(web), "--gateway-port", str(gateway), "--gateway-host", "127.0.0.1"
    )
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        line = site.stdout.readline()
        assert f"127.0.0.1:{web}" in line
        assert listens(web)
        assert listens(gateway)
        site.terminate()
        assert site.wait(PATIENCE_S) == 0
    assert not listens(web)
    assert not listens(gateway)


def test_a_fleet_needs_no_database(environment: dict[str, str], tmp_path: Path) -> None:
    command = jiulong("simulate", "--loggers", "2", "--for", "0.2", "--port", str(free_port()))
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["acked"], told["connects"]) == (0, 0)
    assert not (tmp_path / "postgres").exists()


@pytest.mark.django_db
def test_a_fleet_registers_itself_only_where_somebody_may() -> None:
    arguments = ["--loggers", "122", "--register", "--for", "0", "--port", str(free_port())]
    with pytest.raises(CommandError):
        call_command("simulate", *arguments)
    assert Logger.objects.count() == 0
    create_accounts()
    call_command("simulate", *arguments)
    assert Logger.objects.count() == 122 + 2


@pytest.mark.parametrize("arguments", [["--loggers", "0"], ["--speed", "0"]])
def test_a_fleet_of_nobody_or_without_time_is_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("simulate", *arguments)


def test_the_demo_wants_a_house_of_its_own() -> None:
    with pytest.raises(CommandError, match="jiulong demo"):
        call_command("demo")
