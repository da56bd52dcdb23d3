"""pytest plugin: one throw-away PostgreSQL for the whole run, before Django reads its settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

#: In the environment where the server is the run's own.
OWN: Final = "JIULONG_TESTS_OWN_SERVER"
_directory: Path | None = None


if "JIULONG_DATABASE_URL" not in os.environ:
    from jiulong import embedded

    _directory = Path(tempfile.mkdtemp(prefix="jiulong-test-"))
    _directory.chmod(0o755)
    os.environ["JIULONG_VAR"] = str(_directory)
    _server = embedded.start(_directory / "postgres", unsafe=True)
    os.environ["JIULONG_DATABASE_URL"] = _server.url + "&pool=off"
    # Told to the workers of xdist, too: what is made on it needs no clearing away.
    os.environ[OWN] = "yes"


def pytest_unconfigure() -> None:
    if _directory is not None:
        _server.stop()
        shutil.rmtree(_directory, ignore_errors=True)
