"""Files of others: taken in by pieces, kept apart, made anew, and only then shown.

What is the same for every room that keeps files; each has tables, readers and words of its own.
"""
