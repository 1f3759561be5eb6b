"""Reads of merges. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from referral.persons.merging.workflow import STANDING, Status
from referral.persons.querysets import opens_to

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.persons.merging.models import Merge
    from referral.persons.models import Person


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk and the counting service all; others those of a person they may know."""
        if member.may(Permission.REGISTRATION_COMPLETE) or member.may(Permission.TRUE_COUNTS):
            return self.all()
        return self.filter(opens_to(member, "kept") | opens_to(member, "gone"))

    def of(self, *persons: Person) -> Self:
        return self.filter(Q(kept__in=persons) | Q(gone__in=persons))

    def standing(self) -> Self:
        return self.filter(status__in=STANDING)

    def merged(self) -> Self:
        return self.filter(status=Status.MERGED)

    def waiting_first(self) -> Self:
        """What waits for a second person first, then the newest."""
        waits = models.Case(models.When(status=Status.PROPOSED, then=0), default=1)
        return self.order_by(waits, "-proposed_at", "pk")

    def with_names(self) -> Self:
        return self.select_related(
            "kept__key", "gone__key", "proposed_by", "decided_by", "undone_by"
        )
