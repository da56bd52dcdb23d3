"""Tests of the rules on days."""
