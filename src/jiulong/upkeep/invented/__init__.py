"""What the demo invents about upkeep, a part each."""
