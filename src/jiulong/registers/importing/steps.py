"""The two steps of an import, for the keeper or for whoever waits: check, then write.

Each step belongs to one worker at a time. A worker that dies loses nothing: checking starts again,
and writing is one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.registers import values
from jiulong.registers.importing import sheets
from jiulong.registers.importing.firms import EnterpriseTarget
from jiulong.registers.importing.targets import EntryTarget, Outcome, Target
from jiulong.registers.models import ImportJob

State = ImportJob.State
#: A worker that gave no sign of life for so long is gone.
DEAD: Final = timedelta(minutes=2)
#: Rows between two signs of life.
BEAT: Final = 500
FAULTS_MAX: Final = 1000


def work(now: datetime) -> bool:
    """Do one step of one job, if there is any; says whether there was."""
    waiting = Q(state__in=[State.WAITING, State.QUEUED])
    left = Q(state__in=[State.CHECKING, State.IMPORTING], beat_at__lt=now - DEAD)
    job = ImportJob.objects.filter(waiting | left).order_by("id").defer("content").first()
    return job is not None and advance(job.pk, now)


def advance(pk: int, now: datetime | None = None) -> bool:
    """Check or write this job, unless somebody else is at it; says whether it was done."""
    now = now or timezone.now()
    for before, doing in ((State.WAITING, State.CHECKING), (State.QUEUED, State.IMPORTING)):
        mine = ImportJob.objects.filter(pk=pk).filter(
            Q(state=before) | Q(state=doing, beat_at__lt=now - DEAD)
        )
        if mine.update(state=doing, beat_at=timezone.now(), done=0):
            job = ImportJob.objects.select_related("register", "user").get(pk=pk)
            with override("zh-hans"):  # what is kept is read by everybody
                (_check if doing == State.CHECKING else _write)(job, now)
            return True
    return False


def target_of(job: ImportJob) -> Target:
    """Where the job's rows go."""
    user = User.objects.with_rights().select_related("unit").get(pk=job.user_id)
    if job.register is None:
        return EnterpriseTarget(user)
    return EntryTarget(job.register, user)


class Run:
    """One reading of the job's file: outcomes of its rows, and everything wrong with it."""

    def __init__(self, job: ImportJob, *, lock: bool) -> None:
        self.job = job
        self.target = target_of(job)
        self.faults: list[tuple[str, str]] = []
        self.count = 0
        self._lock = lock
        self.sheet = self._read()
        self.total = len(self.sheet.rows) if self.sheet else 0

    def fault(self, at: str, told: str) -> None:
        self.count += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append((at, told))

    def _read(self) -> sheets.Sheet | None:
        known = {sheets.clean_head(head) for one in self.target.columns for head in one.heads}
        try:
            return sheets.read(bytes(self.job.content), known)
        except sheets.UnreadableError as error:
            self.fault("", str(error))
            return None

    def outcomes(self, now: datetime) -> Iterator[Outcome | None]:
        """What becomes of each row; None where something is wrong with it."""
        if self.sheet is None:
            return
        placed = self._placed(self.sheet)
        for ref in self.sheet.merged:
            told = _("%(ref)s is merged; each row needs its own value") % {"ref": ref}
            self.fault(ref.partition(":")[0], told)
        if not self.sheet.rows:
            self.fault("", _("There are no rows under the heads."))
        letter = placed.get(self.target.key, "")
        keys = [self._key(cells.get(letter)) for _number, cells in self.sheet.rows]
        twice = {key for key, count in Counter(keys).items() if key and count > 1}
        self.target.load([key for key in set(keys) if key], lock=self._lock)
        for key, (number, cells) in zip(keys, self.sheet.rows, strict=True):
            if key in twice:
                self.fault(f"{letter}{number}", _("“%(key)s” is in the sheet twice") % {"key": key})
                yield None
            else:
                yield self._row(number, cells, placed, now)

    def _key(self, cell: sheets.Cell | None) -> str:
        return values.plain(cell.value) if cell else ""

    def _placed(self, sheet: sheets.Sheet) -> dict[str, str]:
        """Column letters by key; heads that mean nothing are told."""
        by_head = {
            sheets.clean_head(head): one.key for one in self.target.columns for head in one.heads
        }
        placed: dict[str, str] = {}
        for letter, head in sheet.heads:
            key = by_head.get(head)
            if key is None and head not in sheets.ERRORS:
                told = _("“%(head)s” is no column of this register") % {"head": head[:40]}
                self.fault(f"{letter}{sheet.head_row}", told)
            elif key in placed:
                self.fault(f"{letter}{sheet.head_row}", _("this column is there twice"))
            elif key is not None:
                placed[key] = letter
        return placed

    def _row(
        self, number: int, cells: dict[str, sheets.Cell], placed: dict[str, str], now: datetime
    ) -> Outcome | None:
        given = {}
        wrong = False
        for key, letter in placed.items():
            cell = cells.get(letter)
            if cell is None:
                continue
            if cell.formula:
                self.fault(cell.at, _("a formula stands here; put its value"))
                wrong = True
            given[key] = cell.value
        if wrong:
            return None
        try:
            return self.target.row(given, now)
        except ValidationError as error:
            for letter, told in sorted(self._told(error, placed), key=_in_sheet_order):
                self.fault(f"{letter}{number}", told)
            return None

    def _told(self, error: ValidationError, placed: dict[str, str]) -> Iterator[tuple[str, str]]:
        for key, told in error.message_dict.items():
            letter = placed.get(key) or placed.get(self.target.key) or "A"
            yield letter, ("" if key in placed else self._label(key)) + " ".join(told)

    def _label(self, key: str) -> str:
        found = next((one.label.show() for one in self.target.columns if one.key == key), "")
        return f"{found}: " if found else ""


def _in_sheet_order(fault: tuple[str, str]) -> tuple[int, str]:
    return len(fault[0]), fault[0]


def _beat(job: ImportJob, done: int) -> None:
    ImportJob.objects.filter(pk=job.pk).update(done=done, beat_at=timezone.now())


def _check(job: ImportJob, now: datetime) -> None:
    run = Run(job, lock=False)
    ImportJob.objects.filter(pk=job.pk).update(total=run.total, beat_at=timezone.now())
    if run.sheet is not None:  # writing, and marking faults, need not read the workbook again
        ImportJob.objects.filter(pk=job.pk).update(content=sheets.pack(run.sheet))
    kinds: Counter[str] = Counter()
    for done, outcome in enumerate(run.outcomes(now), 1):
        if outcome is not None:
            kinds[outcome.kind] += 1
        if done % BEAT == 0:
            _beat(job, done)
    ImportJob.objects.filter(pk=job.pk, state=State.CHECKING).update(
        state=State.FAULTY if run.count else State.CHECKED, done=run.total, faults=run.faults,
        faults_count=run.count, added=kinds["add"], changed=kinds["change"], same=kinds["same"],
    )  # fmt: skip


def _write(job: ImportJob, now: datetime) -> None:
    """All rows in one transaction. What changed since the check is judged again."""
    faults: list[tuple[str, str]] = []
    count = 0
    try:
        with transaction.atomic():
            run = Run(job, lock=True)
            outcomes = _judged(run, now)
            faults, count = run.faults, run.count
            if not count:
                run.target.write(outcomes, now)
                _finish(job, outcomes, now)
    except IntegrityError:
        faults, count = [("", _("Somebody else entered the same meanwhile; check again."))], 1
    if count:
        ImportJob.objects.filter(pk=job.pk).update(
            state=State.FAULTY, faults=faults, faults_count=count
        )


def _judged(run: Run, now: datetime) -> list[Outcome]:
    verb = "edit_enterprise" if run.job.register is None else "import_entries"
    if not may(User.objects.with_rights().get(pk=run.job.user_id), verb):
        run.fault("", _("You may no longer import."))
    return [one for one in run.outcomes(now) if one is not None]


def _finish(job: ImportJob, outcomes: list[Outcome], now: datetime) -> None:
    kinds = Counter(one.kind for one in outcomes)
    told: dict[str, Any] = {"name": job.name, "sha256": job.sha256, "rows": len(outcomes)}
    told |= {str(kind): count for kind, count in kinds.items()}
    ImportJob.objects.filter(pk=job.pk).update(
        state=State.DONE, done=len(outcomes), total=len(outcomes), ended_at=now, content=b"",
        added=kinds["add"], changed=kinds["change"], same=kinds["same"],
    )  # fmt: skip
    if job.register is not None:
        told["register"] = job.register.code
    record_event(actor=job.user, verb="import_sheet", subject=job, at=now, data=told)
