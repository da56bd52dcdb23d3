"""Pages of the gateway: loggers, what was refused, what they were told."""
