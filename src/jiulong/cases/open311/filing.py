"""A service request that comes in becomes a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from jiulong.cases.actions import file_case
from jiulong.cases.models import Case
from jiulong.cases.open311.services import Service
from jiulong.organisation.models import User
from jiulong.registers.specs import check_values

SOURCE: Final = "open311"
#: "free form text limited to 4,000 characters"
DESCRIPTION: Final = 4000
TITLE: Final = 60
CONTACT: Final = 120


def file_request(
    *, actor: User | None, service: Service, given: QueryDict, now: datetime | None = None
) -> Case:
    """File what a client sent. `actor` None: a resident without a key.

    Raises:
        PermissionDenied: the owner of the key may not file this matter.
        ValidationError: what is missing or wrong, by argument of the standard.
    """
    if any("\0" in value for values in given.lists() for value in values[1]):
        raise ValidationError({"description": ["NUL"]})
    place, address = _place(given), given.get("address_string", "").strip()
    if place is None and not address:
        told = _("lat and long, or address_string, are needed")
        raise ValidationError({"lat": [told]})
    words = given.get("description", "").strip()
    if len(words) > DESCRIPTION:
        told = _("description has at most %(most)s characters") % {"most": DESCRIPTION}
        raise ValidationError({"description": [told]})
    title = " ".join(words.split())[:TITLE]
    media = given.get("media_url", "").strip()
    if media and not media.startswith(("https://", "http://")):
        raise ValidationError({"media_url": [_("media_url is no address")]})
    data = _data(service, given)
    # What the system files may lack fields; a resident's report may not.
    check_values(service.fields, data)
    return file_case(
        actor=actor, matter=service.matter, title=title or str(service.public.service),
        about="\n".join(filter(None, (words, media))), data=data,
        place=place, address=address[:200], contact=_contact(given),
        # Each is a case of its own: the standard has no number that a client could repeat.
        source=SOURCE, source_ref=uuid4().hex, now=now,
    )  # fmt: skip


def _place(given: Mapping[str, str]) -> tuple[float, float] | None:
    texts = given.get("long", "").strip(), given.get("lat", "").strip()
    if not any(texts):
        return None
    try:
        longitude, latitude = (float(text) for text in texts)
    except ValueError:
        raise ValidationError({"lat": [_("lat and long are two numbers")]}) from None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValidationError({"lat": [_("lat and long are no place on earth")]})
    return longitude, latitude


def _contact(given: Mapping[str, str]) -> dict[str, str]:
    """Of whoever wants an answer; kept with the case, shown masked, never published."""
    name = " ".join(filter(None, (given.get("first_name", ""), given.get("last_name", ""))))
    told = {"name": name, "phone": given.get("phone", ""), "email": given.get("email", "")}
    return {key: value.strip()[:CONTACT] for key, value in told.items() if value.strip()}


def _data(service: Service, given: QueryDict) -> dict[str, Any]:
    """`attribute[code]=value` and `attribute[code][]=value`; a date may come with its time."""
    found: dict[str, Any] = {}
    for field in service.fields:
        listed = given.getlist(f"attribute[{field.key}][]") + given.getlist(
            f"attribute[{field.key}]"
        )
        values = [value.strip() for value in listed if value.strip()]
        if not values:
            continue
        several = field.type == "choice" and field.several
        found[field.key] = values if several else values[0]
        if field.type == "date":
            found[field.key] = values[0].partition("T")[0]
    return found
