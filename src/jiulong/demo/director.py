"""The demo from beginning to end."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.core.management import call_command
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jiulong.demo import casework, past, standard
from jiulong.demo.accounts import Account, reckon, settle
from jiulong.demo.actions import ACCOUNTS, DEMO_PASSWORD, create_accounts, load_district
from jiulong.demo.district import DATA
from jiulong.demo.history import write_history
from jiulong.demo.house import House
from jiulong.demo.supervisor import Service, Supervisor, free_port, services
from jiulong.evidence.actions import seal_now
from jiulong.simulator.fleet import Fleet, SpeedClock
from jiulong.simulator.ledger import Ledger
from jiulong.simulator.scenario import Scenario, load_scenario

#: Minute frames come up to this long after their period; later they would lie in the future.
JUST_NOW_S: Final = 30
TEN_MINUTES_S: Final = 600
HOUR_S: Final = 3600
DAY_S: Final = 86_400
READY_S: Final = 60.0
#: After the last frame, the workers get so long to read the journal to its end.
SETTLE_S: Final = 120.0
LOCALHOST: Final = "127.0.0.1"
#: Where to look first: account, what is there, its page. Once around the loop.
TOUR: Final[tuple[tuple[str, str | Promise, str], ...]] = (
    ("district", _lazy("everything in one look"), "/"),
    ("district", _lazy("targets against what is expected by today"), "/targets/"),
    ("district", _lazy("key projects on the wall, month by month"), "/projects/wall/"),
    ("desk", _lazy("the monitoring desk's queue"), "/duty/"),
    ("officer", _lazy("a point's chart, down to its raw frames"), "/points/"),
    ("supervisor", _lazy("who owes what until when"), "/cases/supervision/"),
    ("district", _lazy("the contest, every point down to its figures"), "/contest/"),
    ("supervisor", _lazy("circulars whose figures are proven"), "/bulletins/"),
    ("auditor", _lazy("the seals under all of it"), "/seals/"),
)

Say = Callable[[str], None]


@dataclass(slots=True)
class Plan:
    """What kind of demo it is to be. Port 0 asks for a free one."""

    port: int = 0
    gateway_port: int = 0
    loggers: int = 120
    days: float = 30.0
    seconds: float | None = None  # None: until Ctrl-C
    seed: int = 1
    scenario: Scenario = field(default_factory=lambda: load_scenario(DATA / "scenario.yaml"))


class Demo:
    """One demo in one house."""

    def __init__(self, plan: Plan, house: House, say: Say) -> None:
        self._plan = plan
        self._house = house
        self._say = say
        self._web_port = plan.port or free_port()
        self._gateway_port = plan.gateway_port or free_port()
        self._began = time.monotonic()

    def run(self) -> Account | None:
        """Play it; the account if it ended by itself, None if somebody ended it."""
        end = int(time.time() - JUST_NOW_S) // TEN_MINUTES_S * TEN_MINUTES_S
        start = (end - int(self._plan.days * DAY_S)) // HOUR_S * HOUR_S
        self._note(_("Preparing the database."))
        call_command("migrate", verbosity=0)
        now, since = datetime.now(UTC), datetime.fromtimestamp(start, UTC)
        casework.lay_ground(now=now)
        found = load_district(
            actor=create_accounts(), now=now, since=since,
            count=self._plan.loggers, seed=self._plan.seed,
        )  # fmt: skip
        specs = found.specs(self._plan.loggers)
        later, first = self._services()
        with self._supervisor(first) as processes:
            processes.wait_ready(READY_S)
            self._introduce()
            people = casework.furnish(now=now)
            self._note(
                _("Packs are applied; %(people)d invented people work.") % {"people": people}
            )
            self._tell_history(write_history(specs, start, end, self._progress(start, end)))
            past.equip(specs, since, now)
            self._live_through(datetime.fromtimestamp(end, UTC))
            for service in later:
                processes.add(service)
            clock = SpeedClock(start=time.time())
            fleet = Fleet(
                specs, host=LOCALHOST, port=self._gateway_port, clock=clock, since=end,
                scenario=self._plan.scenario, seed=self._plan.seed,
            )  # fmt: skip
            ended_by_itself = asyncio.run(self._live(fleet))
            if not ended_by_itself:
                return None
            self._tell_fleet(fleet)
            return self._account(fleet.ledger)

    def _services(self) -> tuple[list[Service], list[Service]]:
        """Who comes when the past is complete, and who is there from the beginning.

        A judge that watched the past being written would find the whole fleet silent since the
        last line, and the keeper would seal hours that are still growing.
        """
        every = services(
            gateway_host=LOCALHOST, gateway_port=self._gateway_port, web_host=LOCALHOST,
            web_port=self._web_port, environment=self._house.environment,
        )  # fmt: skip
        later = [service for service in every if service.name in {"judge", "keeper"}]
        return later, [service for service in every if service not in later]

    def _live_through(self, now: datetime) -> None:
        """Judge the past as it came, and have people have dealt with what was found."""
        past.wait_until_recorded()
        past.judge_past(now, max(1, int(self._plan.days)))
        opened = past.open_cases(now)
        self._note(_("The past is judged: %(cases)d cases came of it.") % {"cases": opened})
        fates = past.deal_with(now)
        self._note(
            _("%(answered)d were explained, %(visited)d seen on the spot, %(fined)d fined.") % fates
        )

    def _supervisor(self, chosen: list[Service]) -> Supervisor:
        return Supervisor(
            chosen,
            logs=self._house.directory / "log",
            database=self._house.database,
            guards=self._house.guards,
        )  # fmt: skip

    async def _live(self, fleet: Fleet) -> bool:
        """Run the fleet; True if the time was up, False if a signal came first."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        acknowledged = await standard.feed(LOCALHOST, self._gateway_port, fleet.ledger)
        self._note(
            _("%(count)d published frames of the standard sent, %(acked)d acknowledged.")
            % {"count": len(standard.frames()), "acked": acknowledged}
        )
        running = asyncio.create_task(fleet.run())
        self._note(_("%(count)d loggers are live.") % {"count": len(fleet.lines)})
        try:
            async with asyncio.timeout(self._plan.seconds):
                await stop.wait()
        except TimeoutError:
            pass
        finally:
            fleet.stop()
            await running
        return not stop.is_set()

    def _tell_fleet(self, fleet: Fleet) -> None:
        ledger = fleet.ledger
        words = _("The fleet: %(acked)d acknowledged, %(waiting)d waiting, %(dirty)d dirty.")
        counts = {"acked": len(ledger.acked), "waiting": fleet.waiting, "dirty": ledger.dirty}
        self._note(words % counts)

    def _account(self, ledger: Ledger) -> Account:
        self._note(_("Reading the journal to its end."))
        end = time.monotonic() + SETTLE_S
        if not settle(lambda: time.monotonic() > end, time.sleep):
            self._note(_("The workers did not keep up; what follows is not final."))
        seal_now(actor=None)
        found = reckon(ledger)
        for sent in found.lost:
            self._note(_("Lost: %(frame)s") % {"frame": sent})
        for sent in found.duplicated:
            self._note(_("Recorded twice: %(frame)s") % {"frame": sent})
        return found.account

    # -- words --------------------------------------------------------------------------------

    def _note(self, words: str) -> None:
        self._say(f"[{time.monotonic() - self._began:5.1f} s] {words}")

    def _introduce(self) -> None:
        self._note(_("Open http://%(address)s/") % {"address": f"{LOCALHOST}:{self._web_port}"})
        names = ", ".join(f"{name} ({role.label})" for name, role, _shown, _unit in ACCOUNTS)
        self._say(_("  accounts   %(names)s") % {"names": names})
        self._say(_("  password   %(password)s (all of them)") % {"password": DEMO_PASSWORD})
        self._say(_("  gateway    %(address)s") % {"address": f"{LOCALHOST}:{self._gateway_port}"})
        self._say(_("  files      %(directory)s") % {"directory": self._house.directory})
        for account, words, path in TOUR:
            self._say(f"  {account:<10} {words}: http://{LOCALHOST}:{self._web_port}{path}")
        self._say(_("  Ctrl-C ends the demo and removes everything it made."))

    def _progress(self, start: int, end: int) -> Callable[[datetime, int], None]:
        """Says so at every tenth of the past."""
        said = 0

        def progress(at: datetime, frames: int) -> None:
            nonlocal said
            tenth = int((at.timestamp() - start) / max(end - start, 1) * 10)
            if tenth > said:
                said = tenth
                self._note(
                    _("History: %(percent)d %%, %(frames)d frames, pages fill up meanwhile.")
                    % {"percent": min(tenth * 10, 100), "frames": frames}
                )

        return progress

    def _tell_history(self, frames: int) -> None:
        self._note(_("History is in the journal: %(frames)d frames.") % {"frames": frames})
