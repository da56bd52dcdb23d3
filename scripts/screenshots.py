"""Take the pictures of the README from a running demo, with headless Chromium.

python -m scripts.screenshots                        # starts a demo of its own
python -m scripts.screenshots http://127.0.0.1:8000  # from one that runs already
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import find

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
#: The demo says so when its fleet is live, in whichever language.
LIVE = re.compile(r"\] 120 ")
ADDRESS = re.compile(r"http://[\d.:]+")
#: So long the fleet runs before the pictures: every logger has spoken, the judge has seen it.
LIVE_S = 75
DRAWN_MS = 2500
COLOURS = 128


def sign_in(
    browser: Browser,
    site: str,
    size: tuple[int, int],
    theme: str,
    language: str,
    *,
    name: str = "officer",
) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Shanghai"
    )
    context.add_cookies([
        {"name": "theme", "value": theme, "url": site},
        {"name": "django_language", "value": language, "url": site},
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{site}/account/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", "jiulong-demo")
    page.click("form button.btn-primary")
    page.wait_for_load_state("load")
    return page


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_timeout(DRAWN_MS)
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    # Flat colours: a palette has them all in a third of the bytes.
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"docs/images/{name}.png {path.stat().st_size // 1024} KB")


def exceeding_point(page: Page, site: str) -> str:
    """The address of a point that is over a limit, with its chart of a week."""
    page.goto(f"{site}/findings/?rule=hour_exceedance")
    page.click("table a.opens")
    page.click(".identity a[href^='/points/']")
    return page.url.split("?")[0] + "?span=7d"


def exceeding_outfall(page: Page, site: str) -> str:
    """The outfall at a glance whose alarm is first in the queue of the desk."""
    page.goto(f"{site}/duty/?family=limit")
    return site + (page.get_attribute("a[href^='/outfalls/']", "href") or "/")


def overdue_case(page: Page, site: str) -> str:
    """The address of the case that is overdue the longest."""
    page.goto(f"{site}/cases/?light=late&sort=due")
    page.click("table a.opens")
    return page.url


def issued_paper(page: Page, site: str) -> str:
    """The newest paper that was issued."""
    page.goto(f"{site}/bulletins/?state=issued")
    return site + (page.get_attribute("table a.opens", "href") or "/")


def pictures(browser: Browser, site: str) -> None:
    desk = sign_in(browser, site, (1366, 900), "light", "zh-hans")
    chief = sign_in(browser, site, (1366, 900), "light", "zh-hans", name="supervisor")
    leader = sign_in(browser, site, (1366, 900), "light", "zh-hans", name="district")
    take(leader, site + "/", "home")
    take(leader, site + "/targets/", "targets")
    take(leader, site + "/projects/wall/", "projects")
    take(leader, site + "/contest/", "contest")
    take(leader, issued_paper(leader, site), "paper")
    take(chief, site + "/cases/supervision/", "supervision")
    take(chief, overdue_case(chief, site), "case")
    take(chief, site + "/registers/minsheng.estate/", "register")
    take(desk, exceeding_point(desk, site), "point")
    keeper = sign_in(browser, site, (1366, 900), "light", "zh-hans", name="desk")
    take(keeper, site + "/duty/?family=limit", "duty")
    take(keeper, exceeding_outfall(keeper, site), "outfall")
    wall = sign_in(browser, site, (1920, 1080), "dark", "zh-hans", name="district")
    take(wall, site + "/projects/wall/?full=1", "wall")
    dark = sign_in(browser, site, (1366, 900), "dark", "en")
    take(dark, site + "/findings/", "findings-dark")
    phone = sign_in(browser, site, (390, 844), "light", "zh-hans", name="grid")
    take(phone, site + "/report/", "phone")


def shoot(path: str, site: str) -> None:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        pictures(browser, site)
        browser.close()


def main() -> None:
    path = find()
    if path is None:
        sys.exit("no Chromium; see scripts/chromium.py")
    IMAGES.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        shoot(path, sys.argv[1].rstrip("/"))
        return
    command = [str(ROOT / ".venv" / "bin" / "jiulong"), "demo"]
    quiet = os.environ | {"JIULONG_HINTS": "0"}  # the line for a first visit is for people
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=quiet) as demo:
        assert demo.stdout is not None
        site = ""
        for line in demo.stdout:
            print(line, end="", flush=True)
            site = site or next(iter(ADDRESS.findall(line)), "")
            if LIVE.search(line):
                break
        try:
            time.sleep(LIVE_S)
            shoot(path, site)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate()


if __name__ == "__main__":
    main()
