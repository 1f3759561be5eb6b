"""Reads of requests of persons. The policies of migration 0001 say the same: change both together.

What is kept of the person is read by functions of the database, for the one request that it
answers: a privacy officer holds no other view of persons, registrations and cases.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models

from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.rights.workflow import OPEN

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.rights.models import Right, RightsExecution, RightsExtract, RightsRequest

#: Who keeps data of persons under the GDPR here; the others fall under the law on police data.
KEEPERS = (
    OrganisationType.COMENSHA,
    OrganisationType.CARE_COORD,
    OrganisationType.SHELTER,
    OrganisationType.NGO,
    OrganisationType.YOUTH,
    OrganisationType.NIDOS,
    OrganisationType.COA,
    OrganisationType.VSH,
    OrganisationType.LAWYER,
)


def handles(member: Membership) -> bool:
    """The privacy officer of an organisation that keeps data of persons."""
    return member.may(Permission.RIGHTS_HANDLE) and member.organisation.type in KEEPERS


def carries_out(member: Membership) -> bool:
    """Who works with the data of an organisation that keeps them, and does what was granted."""
    return member.may(Permission.RIGHTS_CARRY_OUT) and member.organisation.type in KEEPERS


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def visible_to(self, member: Membership) -> Self:
        """The privacy officers of the organisation that it was sent to; the clock what is open."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.open()
        if not handles(member):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def open(self) -> Self:
        """While the term runs."""
        return self.filter(status__in=OPEN)

    def ending_by(self, day: date) -> Self:
        return self.open().filter(due_on__lte=day)

    def late(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def soonest_first(self) -> Self:
        """What is open by its last day, then the rest, the newest first."""
        waits = models.Case(models.When(status__in=OPEN, then=0), default=1)
        day = models.Case(models.When(status__in=OPEN, then=models.F("due_on")))
        return self.order_by(waits, day, "-received_at", "pk")

    def with_names(self) -> Self:
        """Everything that a page shows. Never the person, whom the officer may not see."""
        return self.select_related("organisation", "key", "received_by", "decided_by", "closed_by")


class RightsExtractQuerySet(models.QuerySet["RightsExtract"]):
    def visible_to(self, member: Membership) -> Self:
        """Who handles the request."""
        if not handles(member):
            return self.none()
        return self.filter(request__organisation=member.organisation_id)

    def answering(self, right: Right) -> Self:
        """The extracts for access, or the files of a transfer."""
        return self.filter(request__right=right)

    def of(self, request: RightsRequest) -> Self:
        found = self.filter(request=request).select_related("made_by")
        return found.order_by("-made_at", "pk")


class RightsExecutionQuerySet(models.QuerySet["RightsExecution"]):
    def visible_to(self, member: Membership) -> Self:
        """Who does what was granted, and who granted it, in the same organisation; the clock,
        which reminds of what waits.
        """
        if member.may(Permission.DEADLINE_SWEEP):
            return self.waiting()
        if not (handles(member) or carries_out(member)):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def waiting(self) -> Self:
        return self.filter(done_at=None)

    def waiting_since(self, moment: datetime) -> Self:
        """Granted before this moment, and nobody was told again."""
        return self.waiting().filter(asked_at__lt=moment, reminded_at=None)

    def waiting_first(self) -> Self:
        """What waits, the oldest first; then what was done, the newest first."""
        return self.order_by(models.F("done_at").desc(nulls_first=True), "asked_at", "pk")

    def with_names(self) -> Self:
        return self.select_related("organisation", "key", "done_by")


def person_called(reference: str) -> tuple[UUID, str] | None:
    """The person of this reference, of whom the actor's organisation keeps data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, reference FROM baken.rights_person(%s)", [reference])
        found: tuple[UUID, str] | None = cursor.fetchone()
    return found


def kept_of_person(request: RightsRequest) -> dict[str, Any] | None:
    """What the organisation keeps of the person, still sealed; only while a file is made for it."""
    kept: dict[str, Any] | None = _told("SELECT baken.rights_kept(%s)", request)
    return kept


def safe_contact(request: RightsRequest) -> list[dict[str, Any]]:
    """The channels that are ticked safe and nowhere said to be unsafe, still sealed."""
    safe: list[dict[str, Any]] | None = _told("SELECT baken.rights_contact(%s)", request)
    return safe or []


def new_reference(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('rights_request_number')")
        [number] = cursor.fetchone() or [0]
    return f"AVG-{year}-{number:06}"


def _told(sql: str, request: RightsRequest) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, [request.pk])
        [told] = cursor.fetchone() or [None]
    return json.loads(told) if isinstance(told, str) else told
