"""Words that come from a pack: Chinese, and English where somebody wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

#: Longer words than this are a mistake, not a label.
LONGEST: Final = 4000

#: How both languages are written.
BOTH: Final = "{zh: 中文, en: English}"
_LANGUAGES: Final = frozenset({"zh", "en"})

#: How a text is written in a pack, and how it is stored: the plain string when there is no English.
Stored = str | dict[str, str]


@dataclass(frozen=True)
class Text:
    """A label of a pack, written `街道` or `{zh: 街道, en: Street}`.

    A pydantic type; its JSON is what was written (`stored()`), so that a JSON column can hold it
    and `Text.of(column)` reads it back.
    """

    zh: str
    en: str = ""

    @classmethod
    def of(cls, value: Any) -> Text:
        """A text from what was written or stored.

        Raises:
            ValueError: neither a string nor {zh:, en:}, or no Chinese in it; it says what.
        """
        if isinstance(value, Text):
            return value
        if isinstance(value, (str, int, Decimal)):
            return cls(_words(value))
        if isinstance(value, Mapping):
            if unknown := sorted(str(key) for key in value.keys() - _LANGUAGES):
                told = _("unknown language “%(key)s”; expected zh and en")
                raise ValueError(told % {"key": unknown[0]})
            if "zh" not in value:
                raise ValueError(_("no Chinese; expected %(form)s") % {"form": BOTH})
            return cls(_words(value["zh"]), _words(value["en"]) if value.get("en") else "")
        raise ValueError(_("no text; expected words or %(form)s") % {"form": BOTH})

    def show(self, language: str | None = None) -> str:
        """The words in the language (default: the active one); without English, the Chinese."""
        language = language or get_language() or "zh-hans"
        return self.zh if language.startswith("zh") or not self.en else self.en

    def stored(self) -> Stored:
        """As written: the plain string, or both languages."""
        return {"zh": self.zh, "en": self.en} if self.en else self.zh

    def __str__(self) -> str:
        return self.show()

    def __bool__(self) -> bool:
        return bool(self.zh)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validate, serialization=core_schema.plain_serializer_function_ser_schema(Text.stored)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        words = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        both = {
            "type": "object",
            "properties": {"zh": words, "en": {"type": "string", "maxLength": LONGEST}},
            "required": ["zh"],
            "additionalProperties": False,
        }
        return {"anyOf": [words, both]}


def show(stored: Any) -> str:
    """The words of a stored text in the active language; nothing for nothing."""
    return Text.of(stored).show() if stored else ""


def _words(value: Any) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        value = str(value)  # a year or a house number without quotes
    if not isinstance(value, str):
        raise ValueError(_("no text; expected words"))  # noqa: TRY004 - pydantic's kind of error
    if not value.strip():
        raise ValueError(_("empty; expected words"))
    if len(value) > LONGEST:
        told = _("%(count)d characters; expected at most %(most)d")
        raise ValueError(told % {"count": len(value), "most": LONGEST})
    return value.strip()


def _validate(value: Any) -> Text:
    try:
        return Text.of(value)
    except ValueError as error:
        raise PydanticCustomError("text", "{told}", {"told": str(error)}) from error
