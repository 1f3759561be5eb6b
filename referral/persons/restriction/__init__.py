"""Whose data are kept and not used for now, because the person asked for that (GDPR 18 and 21)."""
