"""Another organisation is asked to help somebody, and says what became of it."""
