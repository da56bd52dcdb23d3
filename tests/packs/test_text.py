"""Words of packs in two languages."""

from __future__ import annotations

import pytest
from django.utils import translation
from pydantic import BaseModel, ValidationError

from jiulong.packs.text import LONGEST, Text, show


class Label(BaseModel):
    name: Text


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("街道", "街道", "街道"),
        ({"zh": "街道", "en": "Street"}, "街道", "Street"),
        ({"zh": "街道"}, "街道", "街道"),
        (2026, "2026", "2026"),
        ({"zh": " 街道 ", "en": ""}, "街道", "街道"),
    ],
)
def test_it_speaks_the_active_language(written: object, chinese: str, english: str) -> None:
    text = Text.of(written)
    with translation.override("zh-hans"):
        assert (str(text), show(text.stored())) == (chinese, chinese)
    with translation.override("en"):
        assert (str(text), show(text.stored())) == (english, english)


@pytest.mark.parametrize("written", ["街道", {"zh": "街道", "en": "Street"}])
def test_its_json_is_what_was_written(written: object) -> None:
    label = Label.model_validate({"name": written})
    assert label.model_dump(mode="json") == {"name": written}
    assert Text.of(written) == label.name
    assert Text.of(label.name) == label.name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"en": "Street"}, "no Chinese"),
        ({"zh": "街", "fr": "Rue"}, "unknown language “fr”"),
        ({"zh": ""}, "empty"),
        ("   ", "empty"),
        (["街"], "no text"),
        (True, "no text"),
        (None, "no text"),
        ({"zh": ["街"]}, "no text"),
        ("街" * (LONGEST + 1), "4001 characters"),
    ],
)
def test_it_says_what_is_wrong(written: object, told: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=told):
        Label.model_validate({"name": written})


def test_nothing_shows_nothing() -> None:
    assert [show(None), show("")] == ["", ""]
