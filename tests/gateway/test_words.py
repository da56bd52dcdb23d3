"""What the gateway's codes say to a person."""

from __future__ import annotations

from django.utils import translation

from jiulong.gaps import asking as gaps
from jiulong.gateway import ledger, words
from jiulong.plant import asking as plant


def test_what_the_gateway_says_itself_is_translated_and_a_persons_words_stay() -> None:
    own = {ledger.GREETING, ledger.NOTICE, ledger.AWAY, ledger.BUSY}
    own |= {gaps.BY_ITSELF, plant.BY_ITSELF}
    assert set(words.OWN_WORDS) == own
    with translation.override("zh-hans"):
        assert str(words.own_word(ledger.NOTICE)) == "应数采仪请求"
        assert words.own_word("a gap") == "a gap"
