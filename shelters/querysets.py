"""Reads of shelter. Every read starts with visible_to(); the policies say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now

from referral.lib.tally import Tally
from referral.organisations.permissions import Permission
from shelters.workflow import (
    HOLDING,
    OPEN_PLACEMENT,
    OPEN_REQUEST,
    PlacementStatus,
    RequestStatus,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from referral.organisations.models import Membership
    from shelters.models import (
        Bed,
        BedOutage,
        Contract,
        EmergencyPlacement,
        FamilyStay,
        Placement,
        PlacementRequest,
        Shelter,
        ShelterAddress,
        ShelterTerm,
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


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, member: Membership) -> Self:
        """The desk, and the shelter whose contract it is."""
        if member.may(Permission.BED_READ_ALL):
            return self.all()
        if member.may(Permission.BED_MANAGE_OWN):
            return self.filter(shelter__organisation=member.organisation_id)
        return self.none()

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)

    def newest_first(self) -> Self:
        return self.select_related("set_by").order_by("-valid", "funding")


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

    def in_use(self) -> Self:
        """In a shelter that takes people in, and not withdrawn."""
        return self.filter(shelter__active=True, withdrawn_at=None)

    def free_at(self, moment: datetime) -> Self:
        """Not withdrawn, and from now on neither held by a placement nor out of order.

        Who comes now stays without a known end, so that a bed with a planned outage is not free.
        """
        held = _model("Placement")._default_manager.holding_after(moment)
        out = _model("BedOutage")._default_manager.lasting_after(moment)
        return self.filter(
            ~Exists(held.filter(bed=OuterRef("pk"))),
            ~Exists(out.filter(bed=OuterRef("pk"))),
            withdrawn_at=None,
        )

    def with_state_at(self, moment: datetime) -> Self:
        """Adds `state`: free, reserved, occupied or out (of order); and `placement`, its key.

        The state asks whether there is one, and not which: of many beds the database then reads
        the placements once, and not once for each bed.
        """
        placements = _model("Placement")._default_manager
        holder = placements.holding_after(moment).open().filter(bed=OuterRef("pk"))
        out = _model("BedOutage")._default_manager.filter(
            bed=OuterRef("pk"), during__contains=moment
        )
        return self.annotate(placement=Subquery(holder.values("pk")[:1])).annotate(
            state=Case(
                When(
                    Exists(holder.filter(status=PlacementStatus.RESERVED)), then=Value("reserved")
                ),
                When(Exists(holder), then=Value("occupied")),
                When(Exists(out), then=Value("out")),
                default=Value("free"),
            )
        )

    def standing(self, state: str) -> Self:
        """After with_state_at: only the beds that stand so."""
        return self.filter(Q(("state", state)))

    def with_names(self) -> Self:
        return self.select_related("shelter__safety_region").order_by("shelter__code_name", "code")


class OutageQuerySet(models.QuerySet["BedOutage"]):
    def visible_to(self, member: Membership) -> Self:
        if member.may(Permission.BED_READ_ALL):
            return self.all()
        if member.may(Permission.BED_MANAGE_OWN):
            return self.filter(bed__shelter__organisation=member.organisation_id)
        return self.none()

    def lasting_after(self, moment: datetime) -> Self:
        """Those that go on at this moment, or are still to come."""
        return self.exclude(during__endswith__lte=moment)


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

    def of_who_has_no_bed(self) -> Self:
        """Without those of people who stay somewhere now, and whose next place is looked for."""
        stays = _model("Placement")._default_manager.open().filter(person=OuterRef("person"))
        return self.filter(~Exists(stays))

    def most_urgent_first(self) -> Self:
        return self.order_by("urgency", "requested_at", "pk")

    def with_names(self) -> Self:
        """Never the case or the person: who may not see one would lose the line."""
        return self.select_related("organisation", "avoid_region", "requested_by")


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

    def where_they_stay(self, persons: Sequence[UUID]) -> Self:
        """Where these persons are now."""
        return self.filter(person__in=persons, status=PlacementStatus.ARRIVED)

    def unanswered_at(self, moment: datetime) -> Self:
        """By the clock of the database too, which expires nothing before its own time."""
        late = self.filter(status=PlacementStatus.RESERVED, reserved_until__lte=moment)
        return late.filter(reserved_until__lte=Now())

    def with_names(self) -> Self:
        """Never bed, case or person: who may not see one would lose the line."""
        return self.select_related("shelter__safety_region", "shelter__organisation", "request")


class FamilyStayQuerySet(models.QuerySet["FamilyStay"]):
    def visible_to(self, member: Membership) -> Self:
        """Whoever sees the placement."""
        return self.filter(placement__in=_model("Placement")._default_manager.visible_to(member))

    def of_the_families_of(self, placements: Sequence[Placement]) -> Self:
        """Those of everyone who came with one of these."""
        theirs = _model("FamilyStay")._default_manager.filter(placement__in=placements)
        return self.filter(family__in=theirs.values("family"))


class EmergencyPlacementQuerySet(models.QuerySet["EmergencyPlacement"]):
    def visible_to(self, member: Membership) -> Self:
        """Whoever sees the placement."""
        return self.filter(placement__in=_model("Placement")._default_manager.visible_to(member))


class ShelterTermQuerySet(models.QuerySet["ShelterTerm"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: how long one has is no secret."""
        return self.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeLists:
    """What shelters/_home.html shows; `kind` is desk, shelter or coordinator."""

    kind: str
    counts: Mapping[str, int]
    requests: Sequence[PlacementRequest] = ()
    offers: Sequence[Placement] = ()
    arrivals: Sequence[Placement] = ()


def home_lists(
    member: Membership, moment: datetime, tally: Tally, *, lines: int = 5
) -> HomeLists | None:
    """Requests for the desk and the coordinator, offers and arrivals for a shelter."""
    requests = _model("PlacementRequest")._default_manager.visible_to(member)
    placements = _model("Placement")._default_manager.visible_to(member)
    waiting = placements.filter(status=PlacementStatus.RESERVED, reserved_until__gt=moment)
    coming = placements.filter(status=PlacementStatus.ACCEPTED)
    if member.may(Permission.PLACEMENT_RESERVE):
        looking = requests.filter(status=RequestStatus.SUBMITTED)
        counts = tally.of(looking=looking, waiting=waiting, coming=coming)
        first = looking.with_names().most_urgent_first()[:lines]
        return HomeLists(kind="desk", counts=counts, requests=list(first))
    if member.may(Permission.PLACEMENT_ANSWER):
        beds = _model("Bed")._default_manager.visible_to(member)
        staying = placements.filter(status=PlacementStatus.ARRIVED)
        return HomeLists(
            kind="shelter",
            counts=tally.of(free=beds.in_use().free_at(moment), staying=staying),
            offers=list(waiting.with_names().order_by("reserved_until")[:lines]),
            arrivals=list(coming.with_names().order_by("answered_at")[:lines]),
        )
    if member.may(Permission.SHELTER_REQUEST):
        asked = requests.open()
        first = asked.with_names().most_urgent_first()[:lines]
        counts = tally.of(asked=asked, coming=coming)
        return HomeLists(kind="coordinator", counts=counts, requests=list(first))
    return None


def _cases_of(member: Membership, level: int = 1) -> QuerySet[Any, Any]:
    """The cases that a valid grant opens for the member, from this level up."""
    case = _model("Placement")._meta.get_field("case").related_model
    grants = case._meta.get_field("grants").related_model._default_manager
    found: QuerySet[Any, Any] = grants.filter(
        Q(user=None) | Q(user=member.user_id),
        organisation=member.organisation_id,
        level__gte=level,
        valid__contains=Now(),
    ).values("case")
    return found


def _model(name: str) -> Any:
    """A model of this room; models stand above querysets and cannot be imported at the top."""
    return apps.get_model("shelters", name)
