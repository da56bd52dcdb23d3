"""What requests ask: pages, spans of time, and nothing that we do not know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, ValidationInfo
from pydantic import model_validator as validator

#: As on the list pages.
SIZE: Final = 50
SIZE_MAX: Final = 200

M = TypeVar("M", bound=Model)


def _aware(moment: datetime) -> datetime:
    return make_aware(moment) if is_naive(moment) else moment


#: A time; local (Asia/Shanghai) unless it names its offset.
Moment = Annotated[datetime, AfterValidator(_aware)]


class Asked(Schema):
    """Query parameters. An unknown one is refused: a misspelt filter must not return everything."""

    @validator(mode="wrap")
    @classmethod
    def _refuse_unknown(
        cls, data: Any, handler: ModelWrapValidatorHandler[Asked], info: ValidationInfo
    ) -> Asked:
        request = (info.context or {}).get("request")
        unknown = sorted(set(request.GET) - set(cls.model_fields)) if request else []
        if unknown:
            raise ValueError(
                _("unknown parameter %(name)s; known are %(known)s")
                % {"name": unknown[0], "known": ", ".join(sorted(cls.model_fields))}
            )
        return handler(data)


class Paged(Asked):
    """A page of a list."""

    page: int = Field(1, ge=1)
    size: int = Field(SIZE, ge=1, le=SIZE_MAX)

    def filters(self) -> dict[str, Any]:
        """Everything else, as the queries take it."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in given.items() if name not in {"page", "size"}}

    def cut(self, rows: QuerySet[M] | Sequence[M]) -> tuple[list[M], int]:
        """The rows of this page, and how many there are in all."""
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
        first = (self.page - 1) * self.size
        return list(rows[first : first + self.size]), total
