"""Data loggers written from the tables of the standards alone: they share no line with `hj212`."""
