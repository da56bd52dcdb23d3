"""Where the demo lives: a directory and a database of its own, gone when it ends."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jiulong import embedded


@dataclass(slots=True)
class House:
    """A throw-away var directory with a running PostgreSQL in it."""

    directory: Path
    database: embedded.Embedded

    @property
    def guards(self) -> tuple[str, ...]:
        """What the reaper must stop and remove if we are killed."""
        return (f"postgres {self.directory / 'postgres'}", f"remove {self.directory}")

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this house needs to know."""
        return {
            "JIULONG_VAR": str(self.directory),
            "JIULONG_DATABASE_URL": self.database.url,
            "DJANGO_SETTINGS_MODULE": "jiulong.settings",
        }

    def leave(self) -> None:
        """Stop the database and remove everything. Harmless when done already."""
        if self.directory.exists():
            self.database.stop()
            shutil.rmtree(self.directory, ignore_errors=True)


def build() -> House:
    """Make a directory under `$JIULONG_VAR` (or the temporary one) and start PostgreSQL in it."""
    above = os.environ.get("JIULONG_VAR")
    if above:
        Path(above).mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="jiulong-demo-", dir=above)).resolve()
    # PostgreSQL refuses root and then runs as another user, who must get in.
    directory.chmod(0o755)
    return House(directory, embedded.start(directory / "postgres"))


_house: House | None = None


def move_in() -> House:
    """Build the house of this process and point Django at it; must come before its settings."""
    global _house  # noqa: PLW0603 - one process, one house: settings are global, too
    if _house is None:
        _house = build()
        atexit.register(_house.leave)
        os.environ.update(_house.environment)
    return _house


def present() -> House | None:
    """The house of this process, if it has one."""
    return _house
