"""Numbers of the advisory locks, all in one place: two locks of one number exclude each other."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """Who holds which lock of the database, and for how long."""

    JOURNAL = 212  # journal_append, until its commit; stands in gateway/migrations/0003_journal.py
    SEAL = 213  # whoever adds a seal, until its commit
    RECORDER = 212_002  # the one recorder, or a rebuild, for its session
    JUDGE = 212_004  # a step of the judge, until its commit
    TALKER = 212_005  # the one gateway that gives commands, for its session
    PACKS = 212_006  # whoever applies or plans packs, until the commit
    CUSTODY = 212_010  # with a hash of the step: whoever signs it, until the commit
    STATISTICS = 212_011  # a step of the statistics, until its commit; shared: who computes anew
    FINDINGS = 212_012  # shared by those that write findings, until their commits; alone: a reader
