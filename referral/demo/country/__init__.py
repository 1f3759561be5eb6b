"""The made-up country: its figures, its people and its years of work."""
