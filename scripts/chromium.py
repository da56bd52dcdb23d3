"""Find Chromium for the browser tests; install Debian's if it is missing and we may.

Prints where it is. Without one it says so loudly, and fails under CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

#: The browser, and fonts without which Chinese pages are rows of boxes.
PACKAGES = ["chromium", "fonts-noto-cjk"]
NAMES = ["chromium", "chromium-browser", "google-chrome"]


def find() -> str | None:
    """The path of an installed Chromium, or None. JIULONG_CHROMIUM names one outright."""
    named = os.environ.get("JIULONG_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *PACKAGES]):
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)


def main() -> None:
    can_install = shutil.which("apt-get") is not None and os.geteuid() == 0
    if (find() is None or not has_chinese_font()) and can_install:
        print("installing", *PACKAGES, flush=True)
        install()
    if found := find():
        print("chromium:", found)
        return
    print("!!! No Chromium: the browser tests cannot run. Install it, e.g.", file=sys.stderr)
    print("!!!   apt-get install", *PACKAGES, file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") else 0)


if __name__ == "__main__":
    main()
