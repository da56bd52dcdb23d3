"""Many entries at once; taking entries away and bringing them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Act, record_event, record_events
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach, require, require_or_system
from jiulong.registers import derived, specs
from jiulong.registers.actions.entries import (
    UNCHANGED,
    _Unchanged,
    allowed,
    check_in_use,
    differences,
    merged,
    state,
)
from jiulong.registers.models import Entry
from jiulong.registers.references import AllReferences

#: More at once is an import, which can be looked at before.
BULK_MAX: Final = 5000
CHANGED: Final = [
    "data", "title", "search", "initials", "enterprise", "unit", "version", "updated_at",
]  # fmt: skip


def bulk_edit(
    *,
    actor: Viewer | None,
    entries: Sequence[Entry],
    values: Mapping[str, Any] | None = None,
    unit: Unit | _Unchanged | None = UNCHANGED,
    now: datetime | None = None,
) -> list[Entry]:
    """Give all these entries of one register the same values; returns those that changed.

    All of them or none.

    Raises:
        PermissionDenied: the actor may not edit one of them.
        ValidationError: by field; or too many, of several registers, or removed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        fresh = _locked(entries)
        user = _check(actor, fresh, unit)
        acts = [
            Act(actor=user, verb="update_entry", subject=entry, at=now,
                data={"changes": changes, "bulk": len(fresh)})
            for entry, changes in _changed(fresh, values or {}, unit, now)
        ]  # fmt: skip
        changed = [act.subject for act in acts if isinstance(act.subject, Entry)]
        Entry.objects.bulk_update(changed, CHANGED, batch_size=500)
        record_events(acts)
    return changed


def preview_bulk(
    *,
    actor: Viewer,
    entries: Sequence[Entry],
    values: Mapping[str, Any] | None = None,
    unit: Unit | _Unchanged | None = UNCHANGED,
) -> list[tuple[Entry, dict[str, list[Any]]]]:
    """What `bulk_edit` would change: each entry with before and after by key. Writes nothing.

    Raises as `bulk_edit` does.
    """
    with transaction.atomic():
        fresh = _locked(entries)
        _check(actor, fresh, unit)
        return _changed(fresh, values or {}, unit, timezone.now())


def _locked(entries: Sequence[Entry]) -> list[Entry]:
    if len(entries) > BULK_MAX:
        told = _("At most %(most)d entries at once.") % {"most": BULK_MAX}
        raise ValidationError(told)
    rows = Entry.objects.select_for_update(of=("self",)).filter(pk__in=[e.pk for e in entries])
    return list(rows.select_related("register", "unit", "holder", "created_by").order_by("pk"))


def _check(
    actor: Viewer | None, fresh: Sequence[Entry], unit: Unit | _Unchanged | None
) -> User | None:
    user = None if actor is None else require(actor, "edit_entry")
    if not fresh:
        return user
    if len({entry.register_id for entry in fresh}) > 1:
        raise ValidationError(_("These entries are not all of one register."))
    if any(entry.removed_at for entry in fresh):
        raise ValidationError(_("One of these entries has been removed."))
    check_in_use(fresh[0].register)
    for entry in fresh:
        allowed(actor, entry.unit_id, entry)
    if not isinstance(unit, _Unchanged):
        allowed(actor, unit)
    return user


def _changed(
    fresh: Sequence[Entry], values: Mapping[str, Any], unit: Unit | _Unchanged | None, now: datetime
) -> list[tuple[Entry, dict[str, list[Any]]]]:
    if not fresh:
        return []
    spec = specs.register(fresh[0].register)
    references = AllReferences()
    found = []
    for entry in fresh:
        before = state(entry)
        if not isinstance(unit, _Unchanged):
            entry.unit = unit
        derived.fill(entry, spec, merged(entry, spec, values, references))
        if changes := differences(before, state(entry), spec):
            entry.version += 1
            entry.updated_at = now
            found.append((entry, changes))
    return found


def remove_entry(
    *, actor: Viewer | None, entry: Entry, reason: str, now: datetime | None = None
) -> Entry:
    """Take an entry off the register. It and its history stay and can be restored.

    Raises:
        PermissionDenied: the actor may not remove entries of its unit.
        ValidationError: without a reason.
    """
    _may_remove(actor, entry.unit_id)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    return _set_removed(actor, entry, "remove_entry", now or timezone.now(), reason.strip()[:400])


def restore_entry(*, actor: Viewer | None, entry: Entry, now: datetime | None = None) -> Entry:
    """Bring a removed entry back.

    Raises:
        PermissionDenied: the actor may not remove entries of its unit.
    """
    return _set_removed(actor, entry, "restore_entry", now or timezone.now())


def _may_remove(actor: Viewer | None, unit_id: int | None) -> User | None:
    user = require_or_system(actor, "remove_entry")
    if user is not None and not reach(user, "remove_entry").covers(unit_id):
        raise PermissionDenied("remove_entry")
    return user


def _set_removed(
    actor: Viewer | None, entry: Entry, verb: str, now: datetime, reason: str = ""
) -> Entry:
    gone = verb == "remove_entry"
    with transaction.atomic():
        fresh = Entry.objects.select_for_update().get(pk=entry.pk)
        user = _may_remove(actor, fresh.unit_id)
        if (fresh.removed_at is not None) == gone:
            return fresh
        fresh.removed_at = now if gone else None
        fresh.version += 1
        fresh.updated_at = now
        fresh.save(update_fields=["removed_at", "version", "updated_at"])
        data = {"reason": reason} if reason else {}
        record_event(actor=user, verb=verb, subject=fresh, at=now, data=data)
    return fresh
