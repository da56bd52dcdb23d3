"""The account of a month or a year, and what the public may read."""
