"""Which data count: effective means, substitution, rates, and their revisions."""
