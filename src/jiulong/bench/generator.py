"""The load generator from Python: compile it once, start it, read its report and its ledger.

The generator is C because it shares the machine with what it measures; see loadgen.c.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

HERE: Final = Path(__file__).parent
SOURCES: Final = ("loadgen.c", "frames.h", "ledger.h")
#: MN of logger n is the prefix and n, 24 characters together. The populated registry agrees.
MN_PREFIX: Final = "BE4C00"
MN_LENGTH: Final = 24
PASSWORD: Final = "123456"  # noqa: S105 - travels in clear by the protocol, in a scratch database
#: After the load ends, what is in flight may still come home; a scratch gateway is given this.
GRACE_S: Final = 60

#: One acknowledged frame as loadgen.c writes it: when it was sent last, and when acknowledged, both
#: CLOCK_MONOTONIC in µs.
ENTRY: Final = np.dtype(
    [("logger", "<u4"), ("sequence", "<u4"), ("sent_us", "<i8"), ("acked_us", "<i8")]
)
Ledger = NDArray[np.void]


class NoCompilerError(RuntimeError):
    """The machine cannot build the load generator."""


class GeneratorError(RuntimeError):
    """The generator gave up; the message is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the generator shall do. `rate` in frames/s for all loggers together, 0 = full speed;
    `base` is the UTC epoch of the data time of sequence 0, `step` the seconds between data times;
    `repeat` and `bad` are per mille of a back-fill (`shuffle`)."""

    loggers: int
    base: int
    seconds: int = 10
    in_flight: int = 8
    rate: int = 0
    minute: int = 0
    step: int = 1
    count: int = 1 << 20
    first: int = 0
    seed: int = 0
    shuffle: int = 0
    repeat: int = 0
    bad: int = 0
    resend: int = 10_000
    drain: int = 30

    def options(self) -> list[str]:
        numbers = [
            word
            for name in self.__slots__
            for word in (f"--{name.replace('_', '-')}", str(getattr(self, name)))
        ]
        return [*numbers, "--prefix", MN_PREFIX, "--password", PASSWORD]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The generator's report; `start_us` and `last_ack_us` are CLOCK_MONOTONIC."""

    sent: int
    acked: int
    unacked: int
    resent: int
    repeats: int
    bad: int
    strays: int
    reconnects: int
    seconds: float
    start_us: int
    last_ack_us: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    frame_bytes: int
    cpu_s: float
    ledger: Ledger = field(repr=False)


class Generator:
    """A generator at work."""

    def __init__(self, process: subprocess.Popen[str], ledger: Path) -> None:
        self._process = process
        self._ledger = ledger

    @classmethod
    def start(cls, load: Load, *, port: int, directory: Path) -> Self:
        """Send `load` to the gateway on loopback `port`; `directory` gets the ledger."""
        ledger = directory / f"ledger-{load.first}-{load.seed}-{load.rate}.bin"
        words = [*load.options(), "--port", str(port), "--ledger", str(ledger)]
        process = subprocess.Popen(
            [str(executable()), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        return cls(process, ledger)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def finish(self, timeout_s: float) -> Outcome:
        """Wait for the report.

        Raises:
            GeneratorError: it ended with an error, or not at all.
        """
        try:
            report, complaint = self._process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            self.abandon()
            raise GeneratorError(f"the load generator did not end in {timeout_s} s") from error
        if self._process.returncode:
            raise GeneratorError(complaint.strip() or f"exit {self._process.returncode}")
        return Outcome(**json.loads(report), ledger=np.fromfile(self._ledger, dtype=ENTRY))

    def abandon(self) -> None:
        if self.running:
            self._process.kill()
        self._process.communicate()


def run(load: Load, *, port: int, directory: Path) -> Outcome:
    """Send `load` and wait for its end."""
    generator = Generator.start(load, port=port, directory=directory)
    return generator.finish(load.seconds + load.drain + GRACE_S)


def frames(load: Load) -> bytes:
    """The bytes that all loggers of `load` would send, without sending them."""
    command = [str(executable()), *load.options(), "--print", "1"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def mn_of(logger: int) -> str:
    return MN_PREFIX + str(logger).zfill(MN_LENGTH - len(MN_PREFIX))


def executable() -> Path:
    """The compiled generator, from the cache under `$JIULONG_VAR/bench`.

    Raises:
        NoCompilerError: there is no C compiler, or it refused.
    """
    compiler = shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")
    if compiler is None:
        raise NoCompilerError(
            "the load generator is C: install a C compiler (gcc or clang) or set CC"
        )
    content = b"".join((HERE / name).read_bytes() for name in SOURCES) + compiler.encode()
    target = cache() / f"loadgen-{hashlib.sha256(content).hexdigest()[:12]}"
    if not target.exists():
        _compile(compiler, target)
    return target


def cache() -> Path:
    """Where the generator, results and scratch databases live: a disk, as data would."""
    directory = Path(os.environ.get("JIULONG_VAR", "var")).absolute() / "bench"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _compile(compiler: str, target: Path) -> None:
    draft = target.with_suffix(f".{os.getpid()}")
    command = [compiler, "-std=gnu11", "-O2", "-o", str(draft), str(HERE / SOURCES[0])]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise NoCompilerError(f"{compiler} did not compile the load generator:\n{result.stderr}")
    draft.replace(target)
