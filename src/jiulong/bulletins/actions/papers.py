"""Drafting: from the data to a text whose figures name their sources, handed in for signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiulong.bulletins import content, kinds, paper, rules, words
from jiulong.bulletins.content import base
from jiulong.bulletins.lifecycle import LIFE
from jiulong.bulletins.models import Bulletin, BulletinStep, Quote
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require

#: A paragraph is no book.
TEXT_MAX: Final = 4000
TITLE_MAX: Final = 200


class ChangedError(Exception):
    """Somebody changed the paper in between, or it is past that."""


def draft_bulletin(
    *,
    actor: Viewer,
    kind: str,
    about: tuple[str, str | int] = ("", ""),
    corrects: Bulletin | None = None,
    effect: str = "",
    unit: Unit | None = None,
    now: datetime | None = None,
) -> Bulletin:
    """Write a bulletin of that kind from the data as it is now.

    Args:
        about: model label and primary key of what it is about, as the kind's builder wants it.
        corrects: an issued bulletin that this one `replace`s or `revoke`s when it is issued.
        unit: the office that drafts; default: the actor's.

    Raises:
        PermissionDenied: the actor may not draft for that office.
        ValidationError: no such kind, nothing to write about, or what is corrected is not issued.
    """
    now = now or timezone.now()
    user, office = _office(actor, unit)
    _check_corrects(corrects, effect)
    item = kinds.kinds().get(kind)
    if item is None:
        raise ValidationError({"kind": _("There is no such kind of bulletin.")})
    label, pk = about[0], str(about[1])
    written = _written(user, item, (label, pk), now)
    bulletin = Bulletin(
        kind=kind, about_label=label, about_pk=pk, unit=office, drafted_by=user, drafted_at=now,
        authors=[user.pk], corrects=corrects, effect=effect,
    )  # fmt: skip
    if corrects is not None:
        _say_what_is_corrected(written, corrects, effect)
    with transaction.atomic():
        _write(bulletin, written, item, now)
        told = {"kind": kind, "digest": bulletin.digest, "about": f"{label}/{pk}"}
        record_event(actor=user, verb="draft_bulletin", subject=bulletin, data=told, at=now)
    return bulletin


def recount_bulletin(*, actor: Viewer, bulletin: Bulletin, now: datetime | None = None) -> Bulletin:
    """Write a draft anew from the data as it is now; what was edited is lost.

    Raises:
        PermissionDenied, ChangedError, ValidationError.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.DRAFT, bulletin.unit_id)
    item = _item_of(bulletin)
    written = _written(user, item, (bulletin.about_label, bulletin.about_pk), now)
    with transaction.atomic():
        fresh = locked(bulletin, "recount")
        before = fresh.digest
        fresh.quotes.all().delete()
        fresh.authors = sorted({*fresh.authors, user.pk})
        if fresh.corrects is not None:
            _say_what_is_corrected(written, fresh.corrects, fresh.effect)
        _write(fresh, written, item, now)
        told = {"digest": fresh.digest, "before": before}
        record_event(actor=user, verb="recount_bulletin", subject=fresh, data=told, at=now)
    return fresh


def edit_bulletin(
    *,
    actor: Viewer,
    bulletin: Bulletin,
    title: str,
    to: str,
    sections: Sequence[Mapping[str, Any]],
    copies: str = "",
    by_hand: str = "",
    now: datetime | None = None,
) -> Bulletin:
    """Change the words of a draft: `sections` are heading and paragraphs, in order.

    Figures stay what they were read as: a text may name quotes (`[[q1]]`), never change one.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: by field; a mark that names no quote is said with its paragraph.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.DRAFT, bulletin.unit_id)
    with transaction.atomic():
        fresh = locked(bulletin, "edit")
        before = fresh.digest
        fresh.content = _worded(fresh.content, to, sections, copies)
        fresh.title, fresh.by_hand = title.strip(), by_hand.strip()[:300]
        _check_words(fresh)
        fresh.authors = sorted({*fresh.authors, user.pk})
        fresh.digest = paper.digest(fresh, list(fresh.quotes.all()))
        fresh.version += 1
        fresh.save()
        told = {"digest": fresh.digest, "before": before}
        record_event(actor=user, verb="edit_bulletin", subject=fresh, data=told, at=now)
    return fresh


def submit_bulletin(*, actor: Viewer, bulletin: Bulletin, now: datetime | None = None) -> Bulletin:
    """Hand a draft in for the signatures of its kind.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: it has figures by hand and does not say where they come from.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.DRAFT, bulletin.unit_id)
    with transaction.atomic():
        fresh = locked(bulletin, "submit")
        loose = base.numbers_by_hand(fresh.content, fresh.title)
        if loose and not fresh.by_hand:
            told = _("These figures quote nothing: %(figures)s. Say where they come from.")
            raise ValidationError({"by_hand": told % {"figures": words.listed(loose[:8])}})
        fresh.state, fresh.step = LIFE[fresh.state, "submit"], 0
        fresh.authors = sorted({*fresh.authors, user.pk})
        fresh.version += 1
        # The chain it starts on is the chain it ends on, whatever a pack says meanwhile.
        fresh.spec = _spec(_item_of(fresh))
        fresh.digest = paper.digest(fresh, list(fresh.quotes.all()))
        fresh.save(update_fields=["state", "step", "authors", "version", "spec", "digest"])
        signed(fresh, user, "submit", BulletinStep.Verdict.SUBMITTED, note="", now=now)
        record_event(
            actor=user, verb="submit_bulletin", subject=fresh, data={"digest": fresh.digest}, at=now
        )
    return fresh


def withdraw_bulletin(
    *, actor: Viewer, bulletin: Bulletin, reason: str, now: datetime | None = None
) -> Bulletin:
    """Give a draft up; it is kept.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: without a reason.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.DRAFT, bulletin.unit_id)
    why = said(reason)
    with transaction.atomic():
        fresh = locked(bulletin, "withdraw")
        fresh.state, fresh.version = LIFE[fresh.state, "withdraw"], fresh.version + 1
        fresh.save(update_fields=["state", "version"])
        record_event(
            actor=user, verb="withdraw_bulletin", subject=fresh, data={"reason": why}, at=now
        )
    return fresh


def locked(bulletin: Bulletin, action: str) -> Bulletin:
    """The row as it is, locked: a signature must not slip under another version.

    Raises:
        ChangedError: it is another version than the actor saw, or past that action.
    """
    fresh = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if fresh.version != bulletin.version or (fresh.state, action) not in LIFE:
        raise ChangedError(str(fresh))
    return fresh


def signed(
    bulletin: Bulletin, user: User, key: str, verdict: str, *, note: str, now: datetime
) -> BulletinStep:
    """Put a name under the paper as it is."""
    return BulletinStep.objects.create(
        bulletin=bulletin, round=bulletin.round, key=key, verdict=verdict, by=user,
        by_name=str(user), at=now, digest=bulletin.digest, note=note,
    )  # fmt: skip


def said(reason: str) -> str:
    """The reason. ValidationError: there is none."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    return reason.strip()[:300]


def _office(actor: Viewer, unit: Unit | None) -> tuple[User, Unit]:
    """Who drafts, and for which office."""
    user = require(actor, rules.DRAFT)
    office = unit or user.unit
    if office is None:
        raise ValidationError({"unit": _("Your account belongs to no unit that could draft.")})
    rules.require_office(user, rules.DRAFT, office.pk)
    return user, office


def _item_of(bulletin: Bulletin) -> kinds.KindItem:
    """Its kind as it holds today; as it held then, where no pack has it any more."""
    return kinds.kinds().get(bulletin.kind) or kinds.of(bulletin)


def _spec(item: kinds.KindItem) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _written(
    user: User, item: kinds.KindItem, about: tuple[str, str], now: datetime
) -> content.Content:
    """Filled in the district's language, whoever asks."""
    try:
        build = content.builder(item.content)
    except KeyError as error:
        told = _("Nobody can fill bulletins of the content “%(name)s”.")
        raise ValidationError({"kind": told % {"name": item.content}}) from error
    with transaction.atomic(), translation.override(words.OFFICIAL):
        return build(user, about, now)


def _write(
    bulletin: Bulletin, written: content.Content, item: kinds.KindItem, now: datetime
) -> None:
    bulletin.title, bulletin.period = written.title[:TITLE_MAX], written.period
    bulletin.to_units = written.to_units
    written.copies = written.copies or "，".join(item.copies)
    written.signed = item.signed or written.signed
    bulletin.content, bulletin.counted_at = written.as_json(), now
    bulletin.spec = _spec(item)
    bulletin.digest = paper.digest(bulletin, written.quotes)
    if bulletin.pk:
        bulletin.version += 1
    bulletin.save()
    Quote.objects.bulk_create(
        Quote(
            bulletin=bulletin, key=one.key, text=one.text[:120], what=one.what, label=one.label,
            pk_text=one.pk, field=one.field, value=one.value, digest=one.digest,
        )
        for one in written.quotes
    )  # fmt: skip


def _check_corrects(corrects: Bulletin | None, effect: str) -> None:
    if corrects is None and not effect:
        return
    if corrects is None or corrects.state != Bulletin.State.ISSUED:
        raise ValidationError({"corrects": _("Only an issued bulletin is replaced or revoked.")})
    if effect not in Bulletin.Effect.values:
        raise ValidationError({"effect": _("Say whether it replaces or revokes.")})


def _say_what_is_corrected(written: content.Content, corrects: Bulletin, effect: str) -> None:
    told = (
        _("This paper revokes %(number)s “%(title)s”.")
        if effect == Bulletin.Effect.REVOKE
        else _("This paper replaces %(number)s “%(title)s”.")
    )
    with translation.override(words.OFFICIAL):
        line = str(told) % {"number": corrects.number, "title": corrects.title}
    if effect == Bulletin.Effect.REVOKE:
        written.sections = []
        written.quotes = []
    written.sections.insert(0, content.Section(paragraphs=[line]))


def _worded(
    stored: dict[str, Any], to: str, sections: Sequence[Mapping[str, Any]], copies: str
) -> dict[str, Any]:
    """The content with other words; its tables stay."""
    kept = stored["sections"]
    if len(sections) != len(kept):
        raise ValidationError({"sections": _("The paper has another number of parts by now.")})
    worded = [
        {
            **old,
            "heading": str(new["heading"]).strip()[:200],
            "paragraphs": [one.strip() for one in new["paragraphs"] if one.strip()],
        }
        for old, new in zip(kept, sections, strict=True)
    ]
    return {**stored, "to": to.strip()[:200], "copies": copies.strip()[:300], "sections": worded}


def _check_words(bulletin: Bulletin) -> None:
    if not bulletin.title or len(bulletin.title) > TITLE_MAX:
        raise ValidationError({"title": _("Give it a title of at most 200 characters.")})
    known = set(bulletin.quotes.values_list("key", flat=True))
    for place, section in enumerate(bulletin.content["sections"]):
        for number, text in enumerate(section["paragraphs"], start=1):
            if len(text) > TEXT_MAX:
                told = _("Paragraph %(n)d has more than %(most)d characters.")
                raise ValidationError({f"text_{place}": told % {"n": number, "most": TEXT_MAX}})
            unknown = [key for key in base.MARK.findall(text) if key not in known]
            if unknown:
                told = _("Paragraph %(n)d names [[%(key)s]], which quotes nothing.")
                raise ValidationError({f"text_{place}": told % {"n": number, "key": unknown[0]}})
