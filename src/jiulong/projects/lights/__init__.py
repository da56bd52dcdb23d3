"""Lights of projects: published rules as data, judged by a pure function, explained."""
