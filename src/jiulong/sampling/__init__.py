"""Water kept as evidence: orders to samplers, bottles, custody, laboratory."""
