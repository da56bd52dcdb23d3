"""Pages of monitoring: points, readings, frames, findings."""
