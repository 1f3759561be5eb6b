"""Emergency access: a file opened for hours by who has no grant on it, told at once, judged after."""
