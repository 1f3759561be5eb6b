"""Reads of findings and of requests to partners; each begins with `visible_to`.

The policies of migration 0001 say the same: change both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Prefetch

from referral.organisations.permissions import Permission
from signals.enrichment.workflow import NEARLY_DUE, OPEN, RequestStatus

if TYPE_CHECKING:
    from datetime import date

    from referral.organisations.models import Membership
    from signals.enrichment.models import (
        Enrichment,
        EnrichmentVersion,
        FlowBasis,
        Ground,
        PartnerRequest,
        Prolongation,
        Source,
    )


class GroundQuerySet(models.QuerySet["Ground"]):
    """Law and lists are public: nobody is asked who reads them."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day).order_by("code")


class SourceQuerySet(models.QuerySet["Source"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day).order_by("place", "code")


class FlowBasisQuerySet(models.QuerySet["FlowBasis"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day).order_by("code")


class EnrichmentQuerySet(models.QuerySet["Enrichment"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only; and the sweeper, which destroys, and reads none of the words."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def kept(self) -> Self:
        return self.filter(destroyed_at=None)

    def over_on(self, day: date) -> Self:
        """Still kept, and the last day of the term is past."""
        return self.kept().filter(ends_on__lt=day)

    def nearly_due_on(self, day: date) -> Self:
        """Still kept, and few days or none are left; the shortest first."""
        return self.kept().filter(ends_on__lte=day + NEARLY_DUE).order_by("ends_on", "pk")

    def with_versions(self) -> Self:
        """Every version, the last first, with who wrote it; and who decided to keep it longer."""
        versions = self.model._meta.get_field("versions").related_model._default_manager
        written = versions.select_related("written_by", "source", "ground").order_by("-number")
        decisions = self.model._meta.get_field("prolongations").related_model._default_manager
        return self.select_related("signal", "key").prefetch_related(
            Prefetch("versions", written),
            Prefetch("prolongations", decisions.select_related("decided_by").order_by("until")),
        )


class VersionQuerySet(models.QuerySet["EnrichmentVersion"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only."""
        return self.all() if member.may(Permission.SIGNAL_JUDGE) else self.none()


class ProlongationQuerySet(models.QuerySet["Prolongation"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only."""
        return self.all() if member.may(Permission.SIGNAL_JUDGE) else self.none()


class PartnerRequestQuerySet(models.QuerySet["PartnerRequest"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all, a partner what was asked of it, the sweeper what is open."""
        if member.may(Permission.SIGNAL_JUDGE):
            return self.all()
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status=RequestStatus.ASKED)
        if member.may(Permission.SIGNAL_RECEIVE):
            return self.filter(organisation=member.organisation_id)
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def awaiting_partner(self) -> Self:
        return self.filter(status=RequestStatus.ASKED)

    def due_before(self, day: date) -> Self:
        """The partner has not answered, and the last day for it is over."""
        return self.awaiting_partner().filter(due_on__lt=day)

    def due_until(self, day: date) -> Self:
        return self.awaiting_partner().filter(due_on__lte=day)

    def with_names(self) -> Self:
        return self.select_related("organisation", "basis", "key", "asked_by", "answered_by")

    def soonest_first(self) -> Self:
        return self.order_by("due_on", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")
