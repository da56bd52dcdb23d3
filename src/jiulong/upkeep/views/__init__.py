"""Pages of upkeep: what stations handed in, and what the desk says to it."""
