"""Reads of residence. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from referral.persons.querysets import opens_to

if TYPE_CHECKING:
    from datetime import date

    from referral.organisations.models import Membership
    from referral.residence.models import (
        Alert,
        Deadline,
        PoliceReport,
        PoliceSide,
        Reflection,
        ResidenceFile,
        Step,
        TermLength,
        Track,
    )

#: The values of residence.workflow.Line and residence.models.DeadlineKind that questions turn on.
REPORT, REFLECTION_END, PERMIT_END = "report", "reflection_end", "permit_end"
OF_REPORT = ("complaint",)

SEE_ALL = (Permission.RESIDENCE_READ_ALL, Permission.DEADLINE_SWEEP, Permission.TRUE_COUNTS)


def files_open_to(member: Membership, *, file: str = "") -> Q:
    """Rows whose file (in the field `file`, or the row itself) the member may open.

    The service that has the file and the immigration service to which it went; the national desk
    all; a care coordinator of the persons whom a grant names; the clock what it keeps, and the
    statistics service what it counts.
    """
    start = f"{file}__" if file else ""
    if any(member.may(one) for one in SEE_ALL):
        return Q()
    if member.may(Permission.REPORT_KEEP):
        return Q(**{f"{start}police": member.organisation_id})
    if member.may(Permission.RESIDENCE_DECIDE):
        return Q(**{f"{start}immigration": member.organisation_id})
    if member.may(Permission.RESIDENCE_READ_GRANTED):
        return opens_to(member, f"{start}person")
    return Q(pk__in=[])


class ResidenceFileQuerySet(models.QuerySet["ResidenceFile"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(files_open_to(member))

    def with_all(self) -> Self:
        """The file with its three lines, in one query; the report apart, which not all may see."""
        return self.select_related("police", "immigration", "reflection", "track")

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "pk")


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(files_open_to(member, file="file"))

    def over_before(self, day: date) -> Self:
        return self.filter(status="running", ends_on__lt=day)


class TrackQuerySet(models.QuerySet["Track"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(files_open_to(member, file="file"))


class PoliceReportQuerySet(models.QuerySet["PoliceReport"]):
    def visible_to(self, member: Membership) -> Self:
        """Status and dates; not for the immigration service, placement or shelters."""
        if not member.may(Permission.REPORT_READ):
            return self.none()
        return self.filter(files_open_to(member, file="file"))


class PoliceSideQuerySet(models.QuerySet["PoliceSide"]):
    def visible_to(self, member: Membership) -> Self:
        """The service that has the file, and nobody else."""
        if not member.may(Permission.REPORT_KEEP):
            return self.none()
        return self.filter(file__police=member.organisation_id)


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, member: Membership) -> Self:
        seen = self.filter(files_open_to(member, file="file"))
        sees_reports = member.may(Permission.REPORT_READ) or member.may(Permission.TRUE_COUNTS)
        return seen if sees_reports else seen.exclude(line=REPORT)

    def oldest_first(self) -> Self:
        return self.order_by("happened_on", "recorded_at", "pk")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, member: Membership) -> Self:
        """As the file; a shelter sees of its residents on which day the reflection period ends."""
        if member.may(Permission.REFLECTION_READ_END):
            return self.filter(opens_to(member, "person"), kind=REFLECTION_END)
        seen = self.filter(files_open_to(member, file="file"))
        if member.may(Permission.REPORT_READ) or member.may(Permission.DEADLINE_SWEEP):
            return seen
        return seen.exclude(kind__in=OF_REPORT)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def open_or_of_permits(self) -> Self:
        """What ends still, and on which day each permit ended or would have."""
        return self.filter(Q(closed_at=None) | Q(kind=PERMIT_END))

    def until(self, day: date) -> Self:
        return self.filter(ends_on__lte=day)

    def soonest_first(self) -> Self:
        return self.order_by("ends_on", "pk")


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, member: Membership) -> Self:
        """What the clock has told of, for the clock."""
        return self.all() if member.may(Permission.DEADLINE_SWEEP) else self.none()


class TermLengthQuerySet(models.QuerySet["TermLength"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: it says what the law gives, and nothing of anyone."""
        return self.all()

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)


def one_of(rows: Any, **named: object) -> Any:
    """The row, or None where this member sees none."""
    return rows.filter(**named).first()
