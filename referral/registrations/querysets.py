"""Reads of registrations. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Self

from django.apps import apps
from django.db import connection, models
from django.db.models import Case, When

from referral.lib.tally import Tally
from referral.organisations.permissions import Permission
from referral.registrations.workflow import Status

if TYPE_CHECKING:
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.registrations.models import Registration, SignalLink


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reads as a sentence: Registration.objects.visible_to(member).awaiting_desk()."""

    def visible_to(self, member: Membership) -> Self:
        """The national desk all, who submitted it their own; the statistics service counts all."""
        if member.may(Permission.REGISTRATION_READ_ALL) or member.may(Permission.TRUE_COUNTS):
            return self.all()
        if not member.may(Permission.REGISTRATION_READ_OWN):
            return self.none()
        return self.submitted_by_member(member)

    def submitted_by_member(self, member: Membership) -> Self:
        return self.filter(organisation=member.organisation_id, submitted_by=member.user_id)

    def awaiting_desk(self) -> Self:
        return self.filter(status=Status.SUBMITTED)

    def returned(self) -> Self:
        return self.filter(status=Status.RETURNED)

    def registered(self) -> Self:
        return self.filter(status=Status.REGISTERED)

    def needing_care(self) -> Self:
        """Registered, and the desk saw that care must be coordinated."""
        return self.registered().filter(care_needed=True)

    def oldest_first(self) -> Self:
        return self.order_by("submitted_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-submitted_at", "-pk")

    def returned_first(self) -> Self:
        """What waits for the reporter, then the rest, newest first."""
        return self.order_by(
            Case(When(status=Status.RETURNED, then=0), default=1), "-submitted_at", "-pk"
        )

    def with_names(self) -> Self:
        """Everything that a line of a list shows, in one query; no identity."""
        return self.select_related("person", "organisation", "place_municipality")


class SignalLinkQuerySet(models.QuerySet["SignalLink"]):
    def visible_to(self, member: Membership) -> Self:
        """The organisation that made the link, and the sweeper, which reminds who made none. The
        desk learns only that there is one.
        """
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        if not member.may(Permission.REGISTRATION_SUBMIT):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def from_signal(self, signal: UUID) -> Self:
        return self.filter(signal=signal)


def has_signal(registration: Registration) -> bool:
    """Whether a signal lies behind it: all that the national desk learns of a signal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.registration_has_signal(%s)", [registration.pk])
        [answer] = cursor.fetchone() or [False]
    return bool(answer)


class HomeSection(NamedTuple):
    """What registrations/_home.html shows."""

    at_desk: bool
    counts: Mapping[str, int]
    newest: list[Registration]

    @property
    def waiting(self) -> int:
        return self.counts["waiting"]

    @property
    def returned(self) -> int:
        return self.counts["returned"]


def home_section(member: Membership, tally: Tally, *, lines: int = 5) -> HomeSection | None:
    """The queue for the national desk, the own ones for a reporter; None for anyone else."""
    registrations: RegistrationQuerySet = apps.get_model(
        "registrations.Registration"
    )._default_manager.all()
    visible = registrations.visible_to(member)
    at_desk = member.may(Permission.REGISTRATION_COMPLETE)
    if not at_desk and not member.may(Permission.REGISTRATION_SUBMIT):
        return None
    counts = tally.of(waiting=visible.awaiting_desk(), returned=visible.returned())
    shown = visible.awaiting_desk().oldest_first() if at_desk else visible.returned_first()
    return HomeSection(at_desk, counts, list(shown.with_names()[:lines]))
