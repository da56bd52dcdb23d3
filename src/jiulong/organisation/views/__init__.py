"""Pages of the house: units, people, roles, logs, and one's own account."""
