"""pytest plugin: one throw-away PostgreSQL for the whole run, before Django reads its settings."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

#: In the environment where the server is the run's own.
OWN: Final = "JIULONG_TESTS_OWN_SERVER"
_directory: Path | None = None


if sys.dont_write_bytecode:
    # Workers and the processes under test would each compile everything anew.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".cache" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

if "JIULONG_DATABASE_URL" not in os.environ:
    from jiulong import embedded

    _directory = Path(tempfile.mkdtemp(prefix="jiulong-test-"))
    _directory.chmod(0o755)
    os.environ["JIULONG_VAR"] = str(_directory)
    _server = embedded.start(_directory / "postgres", unsafe=True)
    os.environ["JIULONG_DATABASE_URL"] = _server.url + "&pool=off"
    # Told to the workers of xdist, too: what is made on it needs no clearing away.
    os.environ[OWN] = "yes"


if (_worker := os.environ.get("PYTEST_XDIST_WORKER")) and "JIULONG_VAR" in os.environ:
    # Files, keys and the log of seals are each worker's own, as its database is.
    _own = Path(os.environ["JIULONG_VAR"]) / _worker
    _own.mkdir(mode=0o755, exist_ok=True)
    os.environ["JIULONG_VAR"] = str(_own)


def pytest_unconfigure() -> None:
    if _directory is not None:
        _server.stop()
        shutil.rmtree(_directory, ignore_errors=True)
