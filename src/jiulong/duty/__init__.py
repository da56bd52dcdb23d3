"""The monitoring desk's day: its queue, its shifts, its ledgers."""
