"""Where a new signal goes, by rules that are data: via the expert centre, or direct to a service."""
