"""A family of the demo: two who travel together, and a child of whom only the age is known."""

from __future__ import annotations

from datetime import datetime

from referral.cases.family.actions import link_relatives
from referral.cases.family.models import Relation
from referral.cases.family.rules import NewLink
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working


def link_a_family(country: Country, *, now: datetime) -> None:
    """Of the newest cases of Rotterdam."""
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    with working(coordinator):
        found = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE,
            owner_organisation=coordinator.organisation_id,
            coordinator=coordinator.user_id,
            offered_to=None,
        )
        cases = list(found.order_by("-opened_at")[:2])
        if len(cases) < 2:
            return
        first, second = cases
        links = [
            NewLink(case=first, relation=Relation.TRAVELS_WITH, reference=second.reference),
            NewLink(case=first, relation=Relation.CHILD, age_group="0-11", sex="female"),
        ]
        link_relatives(links, by=coordinator, at=now)
