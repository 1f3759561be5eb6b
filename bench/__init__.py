"""Speed and safety, measured: each gate a ratio or a count, in one run, beside its limit."""
