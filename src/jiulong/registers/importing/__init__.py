"""Sheets in: read safely, checked row by row, then written all at once or not at all."""
