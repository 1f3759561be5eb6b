"""Reads of matching. Every read starts with visible_to(); the policies of 0001 say the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import connection, models

from referral.organisations.permissions import Permission
from shelters.matching.workflow import ProposalStatus

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from shelters.matching.models import (
        EligibilityRule,
        MatchLine,
        MatchProposal,
        NeedProfile,
        Override,
    )
    from shelters.models import Placement


class EligibilityRuleQuerySet(models.QuerySet["EligibilityRule"]):
    def visible_to(self, member: Membership) -> Self:
        """Who asks for shelter or places people; the rules are about nobody."""
        may_read = (Permission.PLACEMENT_READ_ALL, Permission.SHELTER_REQUEST)
        return self.all() if any(map(member.may, may_read)) else self.none()

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)

    def by_type(self) -> Self:
        return self.order_by("shelter_type", "demand", "valid")


class NeedProfileQuerySet(models.QuerySet["NeedProfile"]):
    def visible_to(self, member: Membership) -> Self:
        """Who reads the request and is no shelter: a shelter need not know this."""
        if member.may(Permission.PLACEMENT_READ_ALL):
            return self.all()
        if member.may(Permission.SHELTER_REQUEST):
            requests: Any = self.model._meta.get_field("request").related_model
            return self.filter(request__in=requests._default_manager.visible_to(member))
        return self.none()


class OverrideQuerySet(models.QuerySet["Override"]):
    def visible_to(self, member: Membership) -> Self:
        """The placement desk, which deviates and answers for it."""
        return self.all() if member.may(Permission.PLACEMENT_READ_ALL) else self.none()


def overrides_told(placements: Iterable[Placement]) -> dict[UUID, tuple[str, list[str]]]:
    """Why each was chosen in spite of warnings, and which of these its shelter may know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM baken.overrides_told(%s)", [[placement.pk for placement in placements]]
        )
        return {placement: (reason, warnings) for placement, reason, warnings in cursor.fetchall()}


class MatchProposalQuerySet(models.QuerySet["MatchProposal"]):
    def visible_to(self, member: Membership) -> Self:
        """The placement desk; and the worker that computes."""
        may_read = (Permission.PLACEMENT_RESERVE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, may_read)) else self.none()

    def computing(self) -> Self:
        return self.filter(status=ProposalStatus.COMPUTING)

    def newest_first(self) -> Self:
        return self.defer("question").order_by("-ordered_at", "-pk")


class MatchLineQuerySet(models.QuerySet["MatchLine"]):
    def visible_to(self, member: Membership) -> Self:
        """The placement desk."""
        return self.all() if member.may(Permission.PLACEMENT_RESERVE) else self.none()

    def with_names(self) -> Self:
        return self.select_related("request__organisation", "bed__shelter__safety_region").order_by(
            "number"
        )
