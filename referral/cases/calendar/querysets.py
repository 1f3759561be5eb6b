"""Reads of calendar addresses. The policy of migration 0001 says the same as `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connection, models

from referral.access.actions import digest_of
from referral.organisations.models import Membership

if TYPE_CHECKING:
    from datetime import datetime

    from referral.cases.calendar.models import Feed


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own, in the role that one acts in; of nobody else."""
        return self.filter(membership=member)


def member_at(secret: str, *, at: datetime) -> Membership | None:
    """Whose calendar stands at this address; None when it opens nothing, or nothing any more.

    It is asked before anyone acts, so the database answers past its lock, and only to a hash.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.calendar_member(%s)", [digest_of(secret)])
        (found,) = cursor.fetchone()
    return Membership.objects.with_names().valid_at(at).filter(pk=found).first()
