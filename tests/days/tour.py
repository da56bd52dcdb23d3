"""Looks at pages as their people do, at a desk by day and on a phone by night, once each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

from jiulong.demo.actions import DEMO_PASSWORD
from tests.browser.conftest import PATIENCE_S, Visitor
from tests.days.addresses.common import Look

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2 AA, as axe names its parts.
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GRAVE: Final = ("serious", "critical")
#: A function of the page: runs axe and tells what is wrong.
FAULTS: Final = Path(__file__).with_name("faults.js").read_text(encoding="utf-8")
#: So many of the texts that look the same are looked at.
FEW: Final = 3
#: Where the password is asked once more before what protects an account is touched.
AGAIN: Final = "/account/again/"
WIDE: Final = "document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The window, the theme and the language somebody looks at pages with."""

    width: int
    height: int
    theme: str
    language: str


DESK: Final = Surroundings(1366, 768, "light", "zh-hans")
PHONE: Final = Surroundings(390, 844, "dark", "en")


@dataclass(slots=True)
class Seen:
    """What was wrong with a page, and what axe says."""

    wrong: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Tour:
    """Opens each page once in each of both surroundings; each person signs in once."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.people: dict[str, Visitor] = {}
        self.seen: dict[tuple[Look, Surroundings], Seen] = {}
        self.paths: dict[Look, str] = {}

    def see(self, look: Look, around: Surroundings) -> Seen:
        if (look, around) not in self.seen:
            self.seen[look, around] = self._look(look, around)
        return self.seen[look, around]

    def _look(self, look: Look, around: Surroundings) -> Seen:
        visitor, seen = self._visitor(look.who), Seen()
        visitor.context.add_cookies([
            {"name": "django_language", "value": around.language, "url": self.site},
            {"name": "theme", "value": around.theme, "url": self.site},
        ])  # fmt: skip
        visitor.page.set_viewport_size({"width": around.width, "height": around.height})
        visitor.troubles.clear()
        if look not in self.paths:
            self.paths[look] = look.path()
        path = self.paths[look]
        status = visitor.open(path)
        if AGAIN in visitor.page.url and AGAIN not in path:
            visitor.page.fill("#id_password", DEMO_PASSWORD)
            with visitor.page.expect_navigation():
                visitor.page.click("main form button.btn-primary, form.panel button.btn-primary")
        if status != 200 or not visitor.page.url.endswith(path):
            seen.wrong.append(f"{path} answers {status} at {visitor.page.url}")
        wide = int(visitor.page.evaluate(WIDE))
        if wide > 0:
            seen.wrong.append(f"{path} is {wide} px too wide")
        seen.faults = self._axe(visitor, path)
        seen.wrong += visitor.troubles
        return seen

    def _axe(self, visitor: Visitor, path: str) -> list[str]:
        asked = {"tags": list(TAGS), "few": FEW}
        found: list[dict[str, Any]] = visitor.page.evaluate(FAULTS, asked)
        return [
            f"{path} {one['rule']} ({one['impact']}) {one['help']}\n    " + "\n    ".join(one["at"])
            for one in found
            if one["impact"] in GRAVE and one["at"]
        ]

    def _visitor(self, who: str) -> Visitor:
        if who not in self.people:
            context = self.browser.new_context(timezone_id="Asia/Shanghai")
            context.set_default_timeout(PATIENCE_S * 1000)
            # Laid into the page by the browser itself: the page's own policy stays in force.
            context.add_init_script(path=AXE)
            visitor = Visitor(context, self.site)
            self.people[who] = visitor.sign_in(who) if who else visitor
        return self.people[who]

    def end(self) -> None:
        for visitor in self.people.values():
            visitor.context.close()
