"""Reads of changes of beds. Every read starts with visible_to(); the policies say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from referral.organisations.permissions import Permission
from shelters.swaps.workflow import OPEN_SWAP

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from shelters.models import Placement
    from shelters.swaps.models import Swap, SwapSide


class SwapSideQuerySet(models.QuerySet["SwapSide"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk sees both sides; a shelter its own, and not where its person goes.

        The policy swaps_swapside_select says the same to the database; so for the other.
        """
        if member.may(Permission.PLACEMENT_READ_ALL):
            return self.all()
        if member.may(Permission.PLACEMENT_ANSWER):
            return self.filter(house=member.organisation_id)
        return self.none()

    def standing_for(self, placement: Placement) -> Self:
        """Of a change of beds that is not decided yet."""
        return self.filter(placement=placement, standing=True)

    def with_names(self) -> Self:
        """Never case or person: who may not see one would lose the line."""
        return self.select_related(
            "placement__request", "placement__bed", "placement__shelter", "answered_by"
        ).order_by("number")


class SwapQuerySet(models.QuerySet["Swap"]):
    def waiting(self) -> Self:
        """Those that are not decided yet, the oldest first."""
        return self.filter(status__in=OPEN_SWAP).order_by("proposed_at", "pk")

    def visible_to(self, member: Membership) -> Self:
        """Whoever sees a side of it."""
        sides: Any = apps.get_model("swaps", "SwapSide")._default_manager
        return self.filter(Exists(sides.visible_to(member).filter(swap=OuterRef("pk"))))
