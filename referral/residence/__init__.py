"""Reflection period, residence track and police report: dates and codes, never a statement."""
