"""Case tables: several organisations meet about one case; each sees only what concerns it."""
