"""Placeholder until the translation tool lands."""
