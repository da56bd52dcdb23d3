"""What the API answers. Codes, not words: a program has its own language.

Times are ISO 8601 with their offset; digests and bytes are hex.
"""
