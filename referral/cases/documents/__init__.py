"""Documents of a case: letters, decisions and scans, kept with the case file."""
