"""Care regions: how each is covered, with how much capacity, and how long people wait there."""
