"""Reads of retention. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Case, Q, Value, When

from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.retention.workflow import OPEN, Status

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.retention.models import Erasure, LegalHold, RetentionTerm

#: A privacy officer of another organisation learns of nobody in care.
CARE_SIDE = (
    OrganisationType.COMENSHA,
    OrganisationType.CARE_COORD,
    OrganisationType.SHELTER,
    OrganisationType.PLATFORM,
)


class RetentionTermQuerySet(models.QuerySet["RetentionTerm"]):
    def by_category(self) -> Self:
        return self.order_by("category", "-valid")


def reads_all(member: Membership) -> bool:
    """The national desk, and the privacy officers of the care side."""
    if member.may(Permission.RETENTION_DECIDE):
        return member.may(Permission.REGISTRATION_READ_ALL)
    return member.may(Permission.RETENTION_READ) and member.organisation.type in CARE_SIDE


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, member: Membership) -> Self:
        """The clock, the national desk and the privacy officers all; who owns data its own."""
        if member.may(Permission.DEADLINE_SWEEP) or reads_all(member):
            return self.all()
        if not member.may(Permission.RETENTION_DECIDE):
            return self.none()
        return self.filter(owner=member.organisation_id)

    def with_names(self) -> Self:
        """Everything that a line shows. Never the person: it may be out of sight."""
        return self.select_related("owner", "approved_by", "erased_by")

    def open_first(self) -> Self:
        """What waits for a decision first, longest due before; then the newest certificates."""
        order = {status: place for place, status in enumerate((*OPEN, Status.ERASED))}
        place = Case(
            *(When(status=status, then=Value(place)) for status, place in order.items()),
            default=Value(len(order)),
        )
        return self.order_by(place, "due_on", "pk")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, member: Membership) -> Self:
        """As with erasures; besides, who placed it and who owns the case that is held."""
        if member.may(Permission.DEADLINE_SWEEP) or reads_all(member):
            return self.all()
        if not member.may(Permission.RETENTION_DECIDE):
            return self.none()
        mine = member.organisation_id
        return self.filter(Q(organisation=mine) | Q(case__owner_organisation=mine))

    def running_on(self, day: date) -> Self:
        return self.filter(lifted_at=None, until__gte=day)

    def about(self, person: UUID) -> Self:
        """Those on any case or registration of this person."""
        return self.filter(Q(case__person=person) | Q(registration__person=person))

    def with_names(self) -> Self:
        return self.select_related("organisation", "placed_by", "lifted_by")

    def soonest_first(self) -> Self:
        return self.order_by("until", "pk")


@dataclass(frozen=True, slots=True)
class Due:
    """One person whose data are past their term, as the database counts it."""

    person: UUID
    reference: str
    owner: int
    category: str
    last_event_on: date
    due_on: date
    held: bool


def due_on(day: date) -> list[Due]:
    """Everybody whose last case is closed, and whose term is over before this day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM baken.erasure_due(%s, NULL)", [day])
        return [Due(*row) for row in cursor.fetchall()]


def person_held(*, case: UUID | None, registration: UUID | None) -> UUID | None:
    """Whose erasure a hold on this case or registration stops."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.erasure_held_by(%s, %s)", [case, registration])
        row: tuple[UUID | None] | None = cursor.fetchone()
    return row[0] if row else None
