"""Files with a signal: taken in by pieces, kept apart, made anew, and only then shown."""
