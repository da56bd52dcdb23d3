"""A report as it comes from the phone or a plain form, read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from jiulong.cases.reporting.queries import Offer, Place
from jiulong.evidence.actions import Captured
from jiulong.organisation.models import Unit

SHA256: Final = re.compile(r"[0-9a-f]{64}")
#: One event is shown by a few photos; more is an album.
PHOTOS: Final = 6


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture, with what the device said of it when it was taken."""

    content: UploadedFile[Any]
    name: str
    captured: Captured | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reports. `at` is the device's clock when it was written."""

    offer: Offer
    words: str
    data: Mapping[str, Any]
    place: Place | None
    area: Unit | None
    address: str
    client_id: str
    at: datetime | None
    photos: tuple[Photo, ...] = field(default=())


def read(offer: Offer, given: QueryDict, files: MultiValueDict[str, UploadedFile[Any]]) -> Report:
    """The report in a form.

    Raises:
        ValidationError: by field, what is wrong.
    """
    area = _area(given.get("area", ""))
    return Report(
        offer=offer,
        words=" ".join(given.get("words", "").split()),
        data=_data(offer, given),
        place=place_of(given),
        area=area,
        address=given.get("address", "").strip(),
        client_id=client_id_of(given.get("client_id", "")),
        at=_moment(given.get("at", "")),
        photos=_photos(files.getlist("photo"), given.get("captured", "")),
    )


def place_of(given: Mapping[str, str]) -> Place | None:
    """The coordinates, or None where none were given.

    Raises:
        ValidationError: they are no numbers, or no place.
    """
    texts = [str(given.get(name) or "").strip() for name in ("longitude", "latitude")]
    if not any(texts):
        return None
    try:
        longitude, latitude = (float(text) for text in texts)
    except ValueError:
        raise ValidationError({"place": [_("These are no coordinates.")]}) from None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValidationError({"place": [_("That is no place on earth.")]})
    return longitude, latitude


def client_id_of(text: str) -> str:
    """The number that the device gave the report, so that it is one however often it is sent.

    Raises:
        ValidationError: it is no UUID.
    """
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise ValidationError({"client_id": [_("This is no UUID.")]}) from None


def _data(offer: Offer, given: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in offer.fields:
        name = f"f.{offer.code}.{each.key}"
        several = each.type == "choice" and each.several
        value = given.getlist(name) if several else given.get(name, "")
        if value:
            found[each.key] = value
    return found


def _area(code: str) -> Unit | None:
    if not code:
        return None
    found = Unit.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise ValidationError({"area": [_("There is no such unit.")]})
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


def _photos(files: list[UploadedFile[Any]], captured: str) -> tuple[Photo, ...]:
    if len(files) > PHOTOS:
        raise ValidationError({"photo": [_("At most %(most)s photos.") % {"most": PHOTOS}]})
    told = _told(captured)
    told += [None] * (len(files) - len(told))
    return tuple(Photo(file, file.name or "photo.jpg", told[n]) for n, file in enumerate(files))


def _told(captured: str) -> list[Captured | None]:
    """What the device said of each photo. Nonsense is dropped: the photo counts, not the words."""
    try:
        listed = json.loads(captured or "[]")
    except ValueError:
        return []
    return [_captured(one) for one in listed] if isinstance(listed, list) else []


def _captured(one: Any) -> Captured | None:
    if not isinstance(one, dict) or not SHA256.fullmatch(str(one.get("sha256"))):
        return None
    try:
        place = place_of(one)
    except ValidationError:
        place = None
    accuracy = one.get("accuracy")
    return Captured(
        sha256=one["sha256"],
        at=_moment(str(one.get("at", ""))),
        longitude=place[0] if place else None,
        latitude=place[1] if place else None,
        accuracy_m=float(accuracy) if isinstance(accuracy, int | float) and place else None,
    )
