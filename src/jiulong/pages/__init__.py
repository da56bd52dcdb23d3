"""What every page is made of: lists, lights, times, numbers, icons. README.md shows how."""
