"""The case file on paper: chosen sections, for one purpose, with who printed it on each page."""
