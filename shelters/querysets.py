"""Reads of shelter. Every read starts with visible_to(); the policies say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from referral.organisations.permissions import Permission
from shelters.workflow import HOLDING, OPEN_PLACEMENT, OPEN_REQUEST, PlacementStatus

if TYPE_CHECKING:
    from datetime import datetime

    from referral.organisations.models import Membership
    from shelters.models import (
        Bed,
        BedOutage,
        Placement,
        PlacementRequest,
        Shelter,
        ShelterAddress,
    )

#: The level of a case grant from which a member works on the case.
WORK = 2


class ShelterQuerySet(models.QuerySet["Shelter"]):
    def visible_to(self, member: Membership) -> Self:
        """Coordinators and the desk read the directory; a shelter reads itself.

        The policy shelters_shelter_select says the same to the database; so for each below.
        """
        directory = (
            Permission.BED_READ_ALL, Permission.SHELTER_REQUEST, Permission.DEADLINE_SWEEP,
        )  # fmt: skip
        if any(map(member.may, directory)):
            return self.all()
        if member.may(Permission.SHELTER_READ):
            return self.filter(organisation=member.organisation_id)
        return self.none()

    def in_use(self) -> Self:
        return self.filter(active=True)

    def with_names(self) -> Self:
        return self.select_related("safety_region", "organisation")


class AddressQuerySet(models.QuerySet["ShelterAddress"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk, the shelter itself, and coordinators whose person stays there now."""
        if member.may(Permission.ADDRESS_REVEAL_ALL):
            return self.all()
        if member.may(Permission.ADDRESS_READ_OWN):
            return self.filter(shelter__organisation=member.organisation_id)
        if member.may(Permission.ADDRESS_REVEAL_PLACED):
            placements = _model("Placement")._default_manager.where_somebody_stays(member)
            return self.filter(shelter__in=placements.values("shelter"))
        return self.none()


class BedQuerySet(models.QuerySet["Bed"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk sees every bed, a shelter its own; coordinators see none."""
        if member.may(Permission.BED_READ_ALL):
            return self.all()
        if member.may(Permission.BED_MANAGE_OWN):
            return self.filter(shelter__organisation=member.organisation_id)
        return self.none()

    def free_at(self, moment: datetime) -> Self:
        """Not held by a placement from now on, and not out of order."""
        held = _model("Placement")._default_manager.holding_after(moment)
        out = _model("BedOutage")._default_manager.filter(during__contains=moment)
        return self.filter(
            ~Exists(held.filter(bed=OuterRef("pk"))), ~Exists(out.filter(bed=OuterRef("pk")))
        )

    def with_names(self) -> Self:
        return self.select_related("shelter__safety_region").order_by("shelter__code_name", "code")


class OutageQuerySet(models.QuerySet["BedOutage"]):
    def visible_to(self, member: Membership) -> Self:
        if member.may(Permission.BED_READ_ALL):
            return self.all()
        if member.may(Permission.BED_MANAGE_OWN):
            return self.filter(bed__shelter__organisation=member.organisation_id)
        return self.none()


class PlacementRequestQuerySet(models.QuerySet["PlacementRequest"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk; coordinators who see the case; a shelter that the request was offered to."""
        if member.may(Permission.PLACEMENT_READ_ALL):
            return self.all()
        if member.may(Permission.SHELTER_REQUEST):
            return self.filter(case__in=_cases_of(member))
        if member.may(Permission.PLACEMENT_ANSWER):
            offers = _model("Placement")._default_manager.visible_to(member)
            return self.filter(Exists(offers.filter(request=OuterRef("pk"))))
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status__in=OPEN_REQUEST)
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN_REQUEST)

    def most_urgent_first(self) -> Self:
        return self.order_by("urgency", "requested_at", "pk")

    def with_names(self) -> Self:
        return self.select_related("organisation", "avoid_region", "case")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk; the shelter whose bed it is; coordinators who see the case."""
        if member.may(Permission.PLACEMENT_READ_ALL):
            return self.all()
        if member.may(Permission.PLACEMENT_ANSWER):
            return self.filter(shelter__organisation=member.organisation_id)
        if member.may(Permission.SHELTER_REQUEST):
            return self.filter(case__in=_cases_of(member))
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status__in=(PlacementStatus.RESERVED, PlacementStatus.EXPIRED))
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN_PLACEMENT)

    def holding_after(self, moment: datetime) -> Self:
        """Those that keep a bed from others at this moment or later.

        A reservation that nobody answered in time holds nothing, also before it is swept.
        """
        return self.filter(status__in=HOLDING, during__endswith__isnull=True).exclude(
            status=PlacementStatus.RESERVED, reserved_until__lte=moment
        ) | self.filter(status__in=HOLDING, during__endswith__gt=moment)

    def where_somebody_stays(self, member: Membership) -> Self:
        """Placements now, of cases on which the member works."""
        return self.filter(
            status__in=(PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED),
            case__in=_cases_of(member, level=WORK),
        )

    def unanswered_at(self, moment: datetime) -> Self:
        return self.filter(status=PlacementStatus.RESERVED, reserved_until__lte=moment)

    def with_names(self) -> Self:
        return self.select_related("shelter__safety_region", "bed", "request", "case")


def _cases_of(member: Membership, level: int = 1) -> QuerySet[Any, Any]:
    """The cases that a valid grant opens for the member, from this level up."""
    case = _model("Placement")._meta.get_field("case").related_model
    grants = case._meta.get_field("grants").related_model._default_manager
    return grants.filter(
        Q(user=None) | Q(user=member.user_id),
        organisation=member.organisation_id,
        level__gte=level,
        valid__contains=Now(),
    ).values("case")


def _model(name: str) -> Any:
    """A model of this room; models stand above querysets and cannot be imported at the top."""
    return apps.get_model("shelters", name)
