"""The day of a review has come: who has the case is told, once for each day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.cases.models import Case
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import Role

KINDS = {"plan": Kind.PLAN_TO_REVIEW, "risk": Kind.RISK_TO_REVIEW}


class Due(NamedTuple):
    """What is to be reviewed in which case, and who has it: a colleague in a team, or the team."""

    about: str
    case: UUID
    team: int
    person: int | None


@transaction.atomic
def remind_of_reviews(*, by: Membership, at: datetime) -> int:
    """Tell of each plan and risk whose day of review has come; tells how many.

    The database finds and marks them, since the clock reads none of them. Whoever coordinates the
    case is told, or who stands in; the whole team where that colleague does not work there now.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM baken.tell_of_reviews(%s)", [timezone.localdate(at)])
        found = [Due(*row) for row in cursor.fetchall()]
    if not found:
        return 0
    people = User.objects.in_bulk({due.person for due in found if due.person})
    teams = Organisation.objects.in_bulk({due.team for due in found})
    here = Membership.objects.valid_at(at).filter(user__in=people, role=Role.ZC)
    working = set(here.values_list("user_id", "organisation_id"))
    letters = []
    for due in found:
        case = Case(pk=due.case)
        person = people[due.person] if (due.person, due.team) in working else None
        letters.append(
            Letter(
                kind=KINDS[due.about],
                to=teams[due.team],
                user=person,
                role=None if person else Role.ZC,
                on=case,
                url=case.part_url(due.about),
            )
        )
    record("reviews_reminded", by=by, at=at, ids=list(dict.fromkeys(due.case for due in found)))
    post_many(letters, at=at)
    return len(found)
