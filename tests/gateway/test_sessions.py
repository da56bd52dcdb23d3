"""Which connection a logger speaks on."""

from __future__ import annotations

from jiulong.gateway.sessions import Sessions


def test_it_follows_the_last_speaker() -> None:
    sessions: Sessions[str] = Sessions()
    assert sessions.spoke("A", "one")
    assert sessions.spoke("A", "two")
    assert sessions.spoke("B", "two")
    assert not sessions.spoke("A", "one")
    assert sessions.speaker == {"A": "one", "B": "two"}
    sessions.left("A", "one")
    assert sessions.speaker == {"A": "two", "B": "two"}
    sessions.left("A", "two")
    sessions.left("A", "never was")
    assert (sessions.speaker, len(sessions)) == ({"B": "two"}, 1)


def test_it_keeps_the_speaker_when_another_line_drops() -> None:
    sessions: Sessions[str] = Sessions()
    sessions.spoke("A", "one")
    sessions.spoke("A", "two")
    sessions.left("A", "one")
    assert sessions.speaker == {"A": "two"}
