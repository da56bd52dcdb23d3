"""Schemes of points as pure arithmetic: a standing is a function of a scheme and rows, exact.

No database and no framework, so that anybody recounts a standing with the same code.
"""
