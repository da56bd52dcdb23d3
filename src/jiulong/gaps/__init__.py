"""Every expected reading is known: what is missing, asked for again, and proven complete."""
