"""People who belong to the person of a case, by the deed that links them."""

from __future__ import annotations

from django.utils import timezone

from referral.cases.family.actions import link_relative
from referral.cases.family.models import FamilyLink, Relation
from referral.cases.family.rules import NewLink
from referral.cases.models import Case
from referral.organisations.models import Membership
from tests.factories.cases import doing


def child_of(case: Case, *, by: Membership) -> FamilyLink:
    """A child of whom nothing is known but this."""
    new = NewLink(case=case, relation=Relation.CHILD, age_group="0-11", sex="male")
    with doing(by):
        return link_relative(new, by=by, at=timezone.now())


def linked(
    case: Case, other: Case, *, by: Membership, relation: str = Relation.PARENT
) -> FamilyLink:
    """The person of the other case, by its reference."""
    new = NewLink(case=case, relation=relation, reference=other.reference)
    with doing(by):
        return link_relative(new, by=by, at=timezone.now())
