"""A demo country: fictitious colleagues, a door for each, and years of made-up work."""
