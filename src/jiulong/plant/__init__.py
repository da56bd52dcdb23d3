"""The treatment plant behind the outfall: units that run, parameters as filed, the river."""
