"""Names in two languages, and what every part of a scheme inherits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

LONGEST: Final = 400

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
#: A key inside a scheme: a group, a contest, a criterion.
Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=60),
    Field(examples=["gdp-growth"]),
]
#: An indicator, with a companion behind @ if one likes.
Indicator = Annotated[
    str,
    StringConstraints(pattern=r"^@?[a-z][a-z0-9_.-]*(@[a-z0-9][a-z0-9_.#-]*)?$", max_length=120),
    Field(examples=["gdp@target"]),
]
#: A figure of a scheme.
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=30, decimal_places=12)]
#: A figure that is a share in percent of a criterion's full marks.
Percent = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=12, decimal_places=6)]


class Part(BaseModel):
    """What parts of a scheme inherit: unknown keys are faults, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Short(Part):
    """A part that may be written as one word, which then stands under its first key."""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, value: Any) -> Any:
        return {next(iter(cls.model_fields)): value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        long = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [{"type": "string"}, dict(long)]}


class Name(Short):
    """What people call it: `街道` or `{zh: 街道, en: Street}`."""

    zh: Words = Field(description="in Chinese")
    en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)] = Field(
        default="", description="in English; else the Chinese is shown"
    )

    def show(self, language: str = "zh") -> str:
        return self.zh if language.startswith("zh") or not self.en else self.en

    def __str__(self) -> str:
        return self.zh
