"""Signals found by their words: a blinded index under both locks, and searches that are kept."""
