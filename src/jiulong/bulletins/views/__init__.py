"""Pages of bulletins, meetings, pairings and letters."""
