"""What `jiulong verify` asks of cases: stage, result and entered values as their events tell."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.cases.models import Case, Task
from jiulong.evidence import verifying
from jiulong.evidence.models import Event
from jiulong.evidence.verifying import Checked

SUBJECT: Final = "cases.case"
#: What an event's digest is of, by its verb.
DIGESTED: Final = {"file": "data", "reply": "reply"}
FINISHED: Final = "task_finish"

#: Facts of a case by name; of a task by ("task", its key).
Facts = dict[Any, str]


def digest(values: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of entered values. Events carry it, not the values:
    not everybody who reads a case may read them all.
    """
    packed = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def register() -> None:
    """Have `jiulong verify` look at cases."""
    verifying.register("cases", _("Cases"), check)


def check() -> Checked:
    """Every case against the last word of its events; none may be gone."""
    told, numbers = _told(), {}
    count = 0
    for pk, number, facts in _found():
        numbers[pk] = number
        wanted = told.pop(pk, None)
        if wanted is None:
            return Checked(count, _t("%(record)s: no event tells of it") % {"record": number})
        if not _same(facts, wanted):
            return Checked(count, _t("%(record)s: not as its event tells") % {"record": number})
        count += 1
    for pk in told:
        return Checked(count, _t("%(record)s: it is gone") % {"record": f"{SUBJECT} {pk}"})
    return Checked(count)


def _same(facts: Facts, wanted: Facts) -> bool:
    """Whether a case is as its events tell; a task only while it is done."""
    said = ((name, value) for name, value in wanted.items() if name in facts)
    return all(facts[name] == value for name, value in said)


def _told() -> dict[str, Facts]:
    """What the events say last, by case."""
    told: dict[str, Facts] = defaultdict(dict)
    names = ("to", "result", "sha256", "task")
    rows = Event.objects.filter(subject=SUBJECT).order_by("id")
    rows = rows.annotate(**{f"x_{name}": KeyTextTransform(name, "data") for name in names})
    columns = ("subject_id", "verb", *(f"x_{name}" for name in names))
    for pk, verb, to, result, sha, task in rows.values_list(*columns).iterator(chunk_size=5000):
        facts = told[pk]
        if to:
            facts["stage"] = to
        if result is not None:
            facts["result"] = result
        if sha and verb in DIGESTED:
            facts[DIGESTED[verb]] = sha
        elif verb == FINISHED and sha:
            facts["task", task] = sha
        elif task and verb.startswith("task_"):
            facts.pop(("task", task), None)  # it is open again
    return told


def _found() -> Iterator[tuple[str, str, Facts]]:
    tasks: dict[int, Facts] = defaultdict(dict)
    done = Task.objects.filter(state=Task.State.DONE).order_by().values_list("case", "key", "data")
    for case, key, data in done.iterator(chunk_size=5000):
        tasks[case]["task", key] = digest(data)
    columns = ("pk", "number", "stage", "result", "data", "reply")
    rows = Case.objects.order_by("pk").values_list(*columns).iterator(chunk_size=2000)
    for pk, number, stage, result, data, reply in rows:
        facts = {"stage": stage, "result": result, "data": digest(data), "reply": digest(reply)}
        yield str(pk), number, {**facts, **tasks[pk]}
