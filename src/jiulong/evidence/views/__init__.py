"""Pages of evidence: seals, and files."""
