"""What keeps instruments true: marks, quality control, maintenance, manual data, faults."""
