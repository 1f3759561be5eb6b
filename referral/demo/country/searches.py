"""The small country can be searched at once, and a few colleagues keep a search."""

from __future__ import annotations

from datetime import datetime

from referral.access.context import service
from referral.demo.country.organisations import Country, working
from referral.organisations.roles import Role
from signals.search.actions import index_changes, save_filter

#: What each keeps: a name, the answers as they are typed, and whether colleagues may use it.
OF_THE_ANALYST = (
    ("Telefoon beheerd door een ander", {"words": "telefoon beheert"}, True),
    ("Loods zonder loon, minderjarig", {"words": "loods loon", "urgency": "2"}, False),
)
OF_THE_OFFICER = (("Op de uitkijk, in de nacht", {"words": 'uitkijk "nachten"'}, True),)


def keep_searches(country: Country, *, now: datetime) -> None:
    """Index what was made; in a large country the worker does so in its own time."""
    relay = service(Role.SERVICE_RELAY)
    with working(relay):
        while index_changes(by=relay, at=now):
            pass
    kept = ((country.analysts[0], OF_THE_ANALYST), (country.officers[0], OF_THE_OFFICER))
    for member, searches in kept:
        with working(member):
            for name, answers, shared in searches:
                save_filter(answers, name=name, shared=shared, by=member, at=now)
