"""A safe place soon: shelters, their beds, requests and placements; addresses stay secret."""
