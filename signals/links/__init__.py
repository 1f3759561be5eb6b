"""Which signals belong together: suggested by what they share, decided by a person."""
