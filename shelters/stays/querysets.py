"""Reads of stays. Every read starts with visible_to(); the policies say the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Now

from referral.organisations.permissions import Permission
from shelters.stays.workflow import StayStatus

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from shelters.stays.models import Blocker, Extension, Stay, StayNote


class StayQuerySet(models.QuerySet["Stay"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk; the shelter where it is; coordinators who see the case; the clock, while open.

        The policy stays_stay_select says the same to the database; so for each below.
        """
        if member.may(Permission.PLACEMENT_READ_ALL):
            return self.all()
        if member.may(Permission.PLACEMENT_ANSWER):
            return self.filter(house=member.organisation_id)
        if member.may(Permission.SHELTER_REQUEST):
            grants: Any = apps.get_model("cases", "CaseGrant")._default_manager
            opened = grants.filter(
                Q(user=None) | Q(user=member.user_id),
                organisation=member.organisation_id,
                level__gte=1,
                valid__contains=Now(),
            )
            return self.filter(case__in=opened.values("case"))
        if member.may(Permission.DEADLINE_SWEEP):
            return self.exclude(status=StayStatus.OVER)
        return self.none()

    def open(self) -> Self:
        return self.exclude(status=StayStatus.OVER)

    def with_planned_end(self, today: date) -> Self:
        """Adds `free_on`: the day of the planned departure, or else until when it is agreed.

        Of who is past that day, or asks for longer, nobody knows when the bed becomes free.
        """
        agreed = Case(When(status=StayStatus.STAYING, then=F("agreed_until")))
        ends = self.open().annotate(free_on=Coalesce(F("leave_on"), agreed))
        return ends.filter(Q(("free_on__gte", today)))

    def longest_first(self) -> Self:
        return self.order_by("arrived_at", "pk")

    def with_names(self) -> Self:
        """Never case or person: who may not see one would lose the line."""
        return self.select_related("shelter__safety_region", "placement__request")

    def long_untold(self, arrived_until: datetime) -> Self:
        return self.open().filter(arrived_at__lte=arrived_until, long_told_at=None)

    def ending_untold(self, until: date) -> Self:
        """Nobody was told of this end; a later end is told of anew."""
        soon = self.open().filter(agreed_until__lte=until)
        return soon.exclude(end_told_of=F("agreed_until"))


class _OfStay(models.QuerySet[Any]):
    def visible_to(self, member: Membership) -> Self:
        """Who sees the stay; the clock needs none of it."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.none()
        stays: Any = apps.get_model("stays", "Stay")._default_manager
        return self.filter(stay__in=stays.visible_to(member).values("pk"))


class ExtensionQuerySet(_OfStay):
    if TYPE_CHECKING:
        model: type[Extension]

    def newest_first(self) -> Self:
        return self.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")


class BlockerQuerySet(_OfStay):
    if TYPE_CHECKING:
        model: type[Blocker]

    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class StayNoteQuerySet(models.QuerySet["StayNote"]):
    def visible_to(self, member: Membership) -> Self:
        """The shelter that wrote them, and nobody else."""
        if member.may(Permission.PLACEMENT_ANSWER):
            return self.filter(stay__house=member.organisation_id)
        return self.none()

    def newest_first(self) -> Self:
        return self.select_related("written_by").order_by("-written_at", "-pk")
