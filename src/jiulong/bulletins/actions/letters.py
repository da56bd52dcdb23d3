"""Responsibility letters: handed out, signed, assessed each quarter, scored at the year's end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, rules
from jiulong.bulletins.actions.papers import ChangedError
from jiulong.bulletins.models import Assessment, Letter, LetterScheme, LetterScore
from jiulong.evidence.actions import keep_file, record_event
from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, posted

#: The purpose of proofs of an assessment.
PROOF: Final = "proof"
FILES_MAX: Final = 9


def hand_out_letters(
    *, actor: Viewer, scheme: LetterScheme, year: int, now: datetime | None = None
) -> list[Letter]:
    """Hand the letter of a year out to every unit that has none yet; the text is frozen in it.

    Raises:
        PermissionDenied: the actor may not hand out letters of that office.
    """
    now, item = now or timezone.now(), kinds.responsibility(scheme)
    office = Unit.objects.filter(code=item.issuer).first()
    user = rules.require_office(actor, rules.SCORE, office.pk if office else None)
    spec = item.model_dump(mode="json")
    made = []
    with transaction.atomic():
        for unit in Unit.objects.filter(code__in=item.units, closed_on=None).order_by("path"):
            letter, new = Letter.objects.get_or_create(
                scheme=scheme, year=year, unit=unit,
                defaults={
                    "spec": spec, "digest": digest(year, unit.code, spec),
                    "handed_out_by": user, "handed_out_at": now,
                },
            )  # fmt: skip
            if new:
                told = {"digest": letter.digest, "year": year}
                record_event(actor=user, verb="hand_out_letter", subject=letter, data=told, at=now)
                made.append(letter)
    return made


def sign_letter(
    *, actor: Viewer, letter: Letter, digest: str, now: datetime | None = None
) -> Letter:
    """Sign a letter for one's unit, by the digest that was read.

    Raises:
        PermissionDenied: it is another unit's.
        ChangedError: it is not what was read, or signed already.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.ANSWER, letter.unit_id)
    with transaction.atomic():
        done = Letter.objects.filter(
            pk=letter.pk, state=Letter.State.HANDED_OUT, digest=digest
        ).update(state=Letter.State.SIGNED, signed_by=user, signed_name=str(user), signed_at=now)
        if not done:
            raise ChangedError(str(letter))
        record_event(
            actor=user, verb="sign_letter", subject=letter, data={"digest": digest}, at=now
        )
    letter.refresh_from_db()
    return letter


def assess_letter(
    *,
    actor: Viewer,
    letter: Letter,
    quarter: str,
    rows: Mapping[str, tuple[Decimal, str]],
    files: Sequence[tuple[str, IO[bytes] | bytes]] = (),
    now: datetime | None = None,
) -> list[Assessment]:
    """Say how one's unit stands in a quarter: {indicator: (points, words)}; proofs are files.

    Raises:
        PermissionDenied: it is another unit's.
        ValidationError: by indicator; it is not signed or already scored; no such quarter.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.ANSWER, letter.unit_id)
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    _check_assessment(letter, item, quarter, rows)
    with transaction.atomic():
        Assessment.objects.filter(
            letter=letter, quarter=quarter, indicator__in=list(rows), current=True
        ).update(current=False)
        made = [
            Assessment.objects.create(
                letter=letter, quarter=quarter, indicator=key, points=points,
                words=told.strip()[:600], by=user, by_name=str(user), at=now,
            )
            for key, (points, told) in rows.items()
        ]  # fmt: skip
        _keep_proofs(letter, quarter, files, now)
        told_ = {"quarter": quarter, "points": {one.indicator: str(one.points) for one in made}}
        record_event(actor=user, verb="assess_letter", subject=letter, data=told_, at=now)
    return made


def score_letter(
    *,
    actor: Viewer,
    letter: Letter,
    rows: Mapping[str, tuple[Decimal, str]],
    vetoes: Mapping[str, str] | None = None,
    proof: str = "",
    files: Sequence[tuple[str, IO[bytes] | bytes]] = (),
    now: datetime | None = None,
) -> Letter:
    """Give the points of the year: {indicator: (points, reason)} for all, vetoes with their reason.

    A veto strikes the whole letter: its points are nought. That, and points below the pass mark,
    want a proof – a case, a circular, files – and wait for a second person
    (`striking.confirm_score`); until then the letter has no points.

    Raises:
        PermissionDenied: the actor may not score letters of that office, or it is of their
            own unit.
        ValidationError: by indicator; fewer points than promised want a reason; no proof.
        ChangedError: it is not signed, or scored already.
    """
    now = now or timezone.now()
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    user = require_scorer(actor, letter)
    struck = {key: why for key, why in (vetoes or {}).items() if why.strip()}
    _check_scores(item, rows, struck)
    total = Decimal(0) if struck else sum((one for one, _why in rows.values()), Decimal(0))
    waits = bool(struck) or total < item.second_below
    if waits and not (proof.strip() or files):
        told = _("Name the case or circular, or add a file that proves it.")
        raise ValidationError({"proof": told})
    with transaction.atomic():
        done = Letter.objects.filter(pk=letter.pk, state=Letter.State.SIGNED).update(
            state=Letter.State.WAITS if waits else Letter.State.SCORED,
            points=None if waits else total, scored_by=user, scored_at=now,
            proof=proof.strip()[:120],
        )  # fmt: skip
        if not done:
            raise ChangedError(str(letter))
        LetterScore.objects.bulk_create(_scores(letter, rows, struck))
        _keep_proofs(letter, str(letter.year), files, now)
        data: dict[str, Any] = {
            "points": str(total), "vetoes": sorted(struck), "waits": waits, "proof": proof.strip(),
        }  # fmt: skip
        record_event(actor=user, verb="score_letter", subject=letter, data=data, at=now)
    letter.refresh_from_db()
    return letter


def require_scorer(actor: Viewer, letter: Letter) -> User:
    """The acting user, if they score letters of that office and it is not of their own unit.

    Raises:
        PermissionDenied: they do not, or it is.
    """
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    office = Unit.objects.filter(code=item.issuer).first()
    user = rules.require_office(actor, rules.SCORE, office.pk if office else None)
    if letter.unit_id in posted(user):
        raise PermissionDenied(rules.SCORE)
    return user


def _scores(
    letter: Letter, rows: Mapping[str, tuple[Decimal, str]], struck: Mapping[str, str]
) -> list[LetterScore]:
    given = [
        LetterScore(letter=letter, indicator=key, points=points, reason=why.strip()[:300])
        for key, (points, why) in rows.items()
    ]
    return given + [
        LetterScore(letter=letter, indicator=key, points=0, veto=True, reason=why[:300])
        for key, why in struck.items()
    ]


def _keep_proofs(
    letter: Letter,
    quarter: str,
    files: Sequence[tuple[str, IO[bytes] | bytes]],
    now: datetime,
) -> None:
    for name, content in files[:FILES_MAX]:
        try:
            keep_file(
                actor=None, content=content, name=name, subject=letter, purpose=PROOF,
                note=quarter, now=now,
            )  # fmt: skip
        except RefusedFileError as error:
            raise ValidationError({"files": f"{name}: {error}"}) from error


def digest(year: int, unit: str, spec: Mapping[str, Any]) -> str:
    """SHA-256 over what a unit signs."""
    told = json.dumps([year, unit, spec], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _check_assessment(
    letter: Letter,
    item: kinds.ResponsibilityItem,
    quarter: str,
    rows: Mapping[str, tuple[Decimal, str]],
) -> None:
    if letter.state != Letter.State.SIGNED:
        raise ValidationError(_("A letter is assessed once it is signed, until it is scored."))
    if quarter not in {f"{letter.year}Q{n}" for n in (1, 2, 3, 4)}:
        raise ValidationError({"quarter": _("Choose a quarter of the letter's year.")})
    known = {one.key: one for one in item.indicators}
    for key, (points, told) in rows.items():
        _check_points(known, key, points)
        if not told.strip():
            raise ValidationError({f"words_{key}": _("Say what was done.")})


def _check_points(known: Mapping[str, kinds.IndicatorItem], key: str, points: Decimal) -> None:
    if key not in known:
        raise ValidationError(_("The letter has no indicator “%(key)s”.") % {"key": key})
    if not 0 <= points <= known[key].points:
        told = _("From 0 to %(most)s points.") % {"most": known[key].points.normalize()}
        raise ValidationError({f"points_{key}": told})


def _check_scores(
    item: kinds.ResponsibilityItem,
    rows: Mapping[str, tuple[Decimal, str]],
    struck: Mapping[str, str],
) -> None:
    known = {one.key: one for one in item.indicators}
    if known.keys() != rows.keys():
        raise ValidationError(_("Score every indicator of the letter."))
    if struck.keys() - {one.key for one in item.vetoes}:
        raise ValidationError(_("The letter has no such veto."))
    for key, (points, why) in rows.items():
        _check_points(known, key, points)
        if points < known[key].points and not why.strip():
            raise ValidationError({f"reason_{key}": _("Fewer points want a reason.")})
