"""Reads of emergency access. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Now, TruncMonth

from referral.cases.emergency.workflow import Status
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from typing import Any
    from uuid import UUID

    from referral.cases.emergency.models import EmergencyAccess
    from referral.organisations.models import Membership

#: Nobody of another organisation opens or judges: this never opens the wall to the police.
CARE_SIDE = (
    OrganisationType.COMENSHA,
    OrganisationType.CARE_COORD,
    OrganisationType.SHELTER,
    OrganisationType.PLATFORM,
)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def visible_to(self, member: Membership) -> Self:
        """Who opened it; the organisation that held the case; the privacy officers of the care
        side; the clock what still waits for a verdict.
        """
        if member.may(Permission.DEADLINE_SWEEP):
            return self.to_review()
        if member.organisation.type not in CARE_SIDE:
            return self.none()
        if member.may(Permission.EMERGENCY_REVIEW):
            return self.all()
        seen = Q(pk__in=[])
        if member.may(Permission.EMERGENCY_OPEN):
            seen |= Q(opened_by=member.user_id, organisation=member.organisation_id)
        if member.may(Permission.CASE_WORK) or member.may(Permission.CASE_OFFER):
            seen |= Q(owner=member.organisation_id)
        return self.filter(seen)

    def to_review(self) -> Self:
        return self.filter(status=Status.TO_REVIEW)

    def late(self, today: date) -> Self:
        """Without a verdict after the last day for it."""
        return self.to_review().filter(review_due_on__lt=today)

    def opened_by_member(self, member: Membership) -> Self:
        return self.filter(opened_by=member.user_id, organisation=member.organisation_id)

    def running(self) -> Self:
        """Open now, by the clock of the database."""
        return self.filter(opened_at__lte=Now(), ends_at__gt=Now())

    def over(self, keys: Collection[UUID]) -> Self:
        """Whose case one of these keys is of: its own, its person's, or of a part of its file."""
        return self.filter(
            Q(pk__in=keys)
            | Q(case__in=keys)
            | Q(case__person__in=keys)
            | Q(case__registration__in=keys)
            | Q(case__handoffs__in=keys)
            | Q(case__referrals__in=keys)
            | Q(case__person__residence_file__in=keys)
        )

    def to_review_first(self) -> Self:
        """What waits first, by its last day; then the newest."""
        waits = Case(When(status=Status.TO_REVIEW, then=Value(0)), default=Value(1))
        day = Case(When(status=Status.TO_REVIEW, then=F("review_due_on")))
        return self.order_by(waits, day, "-opened_at", "pk")

    def with_names(self) -> Self:
        """Everything that a line shows. Never the case: it may be out of sight, the line is not."""
        return self.select_related("organisation", "owner", "opened_by", "reviewed_by", "key")

    def by_month(self) -> list[dict[str, Any]]:
        """How often in each month, newest first, and what was thought of it."""
        months = self.order_by().values(month=TruncMonth("opened_at", tzinfo=AMSTERDAM))
        counted = months.annotate(
            opened=Count("pk"),
            justified=Count("pk", filter=Q(status=Status.JUSTIFIED)),
            not_justified=Count("pk", filter=Q(status=Status.NOT_JUSTIFIED)),
            waiting=Count("pk", filter=Q(status=Status.TO_REVIEW)),
        )
        return [dict(row) for row in counted.order_by("-month")[:12]]


def case_called(reference: str) -> tuple[UUID, int] | None:
    """The case of this reference and its owner, also out of sight: only for who may open it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, owner FROM baken.emergency_case(%s)", [reference])
        found: tuple[UUID, int] | None = cursor.fetchone()
    return found
