"""Which place suits whom: eligibility as data, reasons in words, and a proposal for all at once."""
