"""Reads of destruction lists. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Case, Count, Q, Value, When

from referral.organisations.permissions import Permission
from referral.retention.destruction.workflow import OPEN, Status
from referral.retention.models import Category
from referral.retention.querysets import reads_all

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.retention.destruction.models import DestructionList, ListLine, SignalHold

#: On the side of intelligence, and of the expert centre alone.
INTELLIGENCE = (Category.SIGNAL, Category.POLICE)
#: On the side of care, where the national desk reads along.
CARE = (Category.PLACEMENT, Category.CONSENT)


def lists_of(member: Membership, *, prefix: str = "") -> Q:
    """The clock all; who owns the data its own; the desk and its privacy officers those of care."""
    if member.may(Permission.DEADLINE_SWEEP):
        return Q()
    found = Q(pk__in=[])
    if member.may(Permission.RETENTION_READ) or member.may(Permission.SIGNAL_DESTROY):
        found |= Q(**{f"{prefix}owner": member.organisation_id})
    if reads_all(member):
        found |= Q(**{f"{prefix}category__in": CARE})
    return found


class DestructionListQuerySet(models.QuerySet["DestructionList"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(lists_of(member))

    def with_names(self) -> Self:
        """Everything that a line of an overview shows, with how much is on each list."""
        named = self.select_related("owner", "approved_by", "destroyed_by")
        return named.annotate(number=Count("lines"))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def worth_a_look(self) -> Self:
        """Not those from which everything was taken off again."""
        return self.filter(Q(status=Status.DESTROYED) | Q(number__gt=0))

    def open_first(self) -> Self:
        """What waits for a decision first, then the newest certificates."""
        order = {status: place for place, status in enumerate(Status)}
        place = Case(
            *(When(status=status, then=Value(place)) for status, place in order.items()),
            default=Value(len(order)),
        )
        return self.order_by(place, "-listed_at", "pk")


class ListLineQuerySet(models.QuerySet["ListLine"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(lists_of(member, prefix="list__"))

    def longest_due_first(self) -> Self:
        return self.order_by("due_on", "reference", "pk")


class SignalHoldQuerySet(models.QuerySet["SignalHold"]):
    def visible_to(self, member: Membership) -> Self:
        """Of the own expert centre; and the clock, which takes what is held off the lists."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        if not member.may(Permission.SIGNAL_DESTROY):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def running_on(self, day: date) -> Self:
        return self.filter(lifted_at=None, until__gte=day)

    def with_names(self) -> Self:
        return self.select_related("signal", "placed_by")

    def soonest_first(self) -> Self:
        return self.order_by("until", "pk")


@dataclass(frozen=True, slots=True)
class Due:
    """One record that is past its term, as the database counts it."""

    category: str
    record: UUID
    reference: str
    owner: int
    last_event_on: date
    due_on: date
    held: bool


def due_on(day: date) -> list[Due]:
    """Every signal, placement and consent whose term is over before this day, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM baken.destruction_due(%s, NULL) ORDER BY due_on", [day])
        return [Due(*row) for row in cursor.fetchall()]
