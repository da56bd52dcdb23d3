"""What the search box matches: titles, numbers, searchable fields, first letters of pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q
from pypinyin import Style, lazy_pinyin

from jiulong.registers.fields import ChoiceField, Field

INITIALS_MAX: Final = 200
SEARCH_MAX: Final = 4000
#: What may be the first letters of a pinyin: typed without Chinese.
LETTERS: Final = re.compile(r"[a-z0-9]+")


def initials(text: str) -> str:
    """First letters of the pinyin, lower case, nothing between: 澄汀污水处理厂 → ctwsclc."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default")
    joined = unicodedata.normalize("NFKC", "".join(letters)).lower()
    return re.sub(r"[^a-z0-9]", "", joined)[:INITIALS_MAX]


def folded(text: str) -> str:
    """Text as it is searched: width and case make no difference."""
    return unicodedata.normalize("NFKC", text).lower()


def haystack(
    fields: list[Field], title: str, number: str, address: str, data: Mapping[str, Any]
) -> str:
    """What an entry's text search looks through. Persons are never in it."""
    words = [title, number, address]
    for field in fields:
        value = data.get(field.key)
        if not field.searchable or field.type == "person" or value in (None, "", []):
            continue
        if isinstance(field, ChoiceField):
            picked = set(value) if isinstance(value, list) else {value}
            words += [f"{o.label.zh} {o.label.en}" for o in field.choices if o.key in picked]
        else:
            words.append(str(value))
    return folded(" ".join(dict.fromkeys(filter(None, words))))[:SEARCH_MAX]


def matching(text: str) -> Q:
    """Entries that fit what somebody typed: every word in the text, or all of it as initials."""
    found = Q()
    for word in folded(text).split():
        found &= Q(search__contains=word)
    letters = folded(text).replace(" ", "")
    return found | Q(initials__startswith=letters) if LETTERS.fullmatch(letters) else found
