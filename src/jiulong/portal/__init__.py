"""What enterprises and operating firms do for their stations."""
