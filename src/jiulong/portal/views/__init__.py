"""Pages of those who run stations: phone first."""
