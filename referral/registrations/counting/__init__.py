"""One count: how many reports, and about how many persons, by rules that are versions of data.

Whoever shows these totals asks `rules.count`: releases, and through their cells the dashboards; the
home page of the desk. Nothing else counts registrations or the persons in them.
"""
