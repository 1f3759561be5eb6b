"""Parts of several deeds: the cases that are worked on, held still, with the key of the person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import prefetch_related_objects

from referral.cases.actions.holding import hold
from referral.cases.models import Case
from referral.cases.rules import check_work, reaches_of
from referral.organisations.models import Membership


def hold_to_write(cases: Sequence[Case], *, by: Membership) -> dict[UUID, Case]:
    """By key the cases as they are now, with what seals words about the person.

    Raises MoveRefused where the organisation does not work on the case, or no more.
    """
    held = {case.pk: case for case in hold(list(dict.fromkeys(cases)), by=by)}
    for pk, reach in reaches_of(held.values(), by).items():
        check_work(by, held[pk], reach)
    prefetch_related_objects(list(held.values()), "person__key")
    return held
