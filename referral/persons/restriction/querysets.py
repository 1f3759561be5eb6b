"""Reads of restrictions. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import BooleanField, Func, Q

from referral.organisations.permissions import Permission
from referral.persons.querysets import opens_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.persons.restriction.models import Restriction


class IsRestricted(Func):
    """Whether a restriction stands on this person, or on another record of the same person."""

    function = "baken.is_restricted"
    output_field = BooleanField()


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def visible_to(self, member: Membership) -> Self:
        """Who may know the person, and who carried it out or answers for it."""
        mine = Q(organisation=member.organisation_id)
        if not (member.may(Permission.RIGHTS_CARRY_OUT) or member.may(Permission.RIGHTS_HANDLE)):
            mine = Q(pk__in=[])
        return self.filter(opens_to(member, "person") | mine)

    def of(self, reference: str) -> Restriction | None:
        """What came of one request, with who ended it."""
        return self.select_related("ended_by").filter(reference=reference).first()

    def standing(self) -> Self:
        return self.filter(ended_at=None)


def restricted_among(persons: Iterable[UUID]) -> frozenset[UUID]:
    """Those of them whose data are not to be used, whoever restricted them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::uuid[]) AS asked (id) WHERE baken.is_restricted(id)",
            [list(persons)],
        )
        return frozenset(row[0] for row in cursor.fetchall())
