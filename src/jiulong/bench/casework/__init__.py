"""A district's casework of three years, invented: what the pages and the ladder are measured on.

Written past the verbs of actions.py, by COPY, because nobody acts here and nothing of it is kept;
but the columns of open cases are worked out by the engine's own functions from the invented events.
"""
