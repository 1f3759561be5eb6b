"""Who may make which move, and what a place must offer: each refusal in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.forms import model_to_dict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.models import Case
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.workflow import CaseStatus
from referral.geography.models import SafetyRegion
from referral.lib.versions import mark_of
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup, Sex
from shelters.lists.models import ListName
from shelters.lists.rules import Lists
from shelters.models import (
    MOST_PLACES,
    Bed,
    Contract,
    EndReason,
    NeedCode,
    Placement,
    PlacementRequest,
    RefusalReason,
    RevealPurpose,
    Shelter,
    Urgency,
)
from shelters.workflow import (
    PLACEMENT_MOVES,
    REQUEST_MOVES,
    PlacementStatus,
    RequestStatus,
    Side,
)


class PlacementRefused(MoveRefused):
    """The move is not in the table, not theirs to make, or the bed is not free."""


class ShelterRefused(CaseRefused):
    """What was entered does not make a shelter, a bed, a request or an answer; words say why."""


#: What the database says when two want the same, and the words for who came second.
TAKEN: dict[str, Promise] = {
    "bed_is_not_placed_twice": gettext_lazy(
        "Somebody else has just reserved this bed. Choose another one."
    ),
    "person_is_not_placed_twice": gettext_lazy("This person has a bed already."),
    "bed_out_of_order_is_not_placed": gettext_lazy("This bed is out of order. Choose another one."),
    "placed_bed_is_not_out_of_order": gettext_lazy(
        "Somebody has this bed at that time. End the placement first."
    ),
    "withdrawn_bed_is_not_placed": gettext_lazy("This bed is withdrawn. Choose another one."),
    "placed_bed_is_not_withdrawn": gettext_lazy("Somebody has this bed. End the placement first."),
    "person_moves_to_one_place_at_a_time": gettext_lazy(
        "A next bed is kept for this person already. Wait for the answer of that shelter."
    ),
    "transfer_begins_where_the_person_stays": gettext_lazy("The person has just left. Try again."),
    "who_is_transferred_was_there_before": gettext_lazy("The person came later than that."),
    "family_stays_in_one_shelter": gettext_lazy("A family stays in one shelter."),
    "shelters_shelter_code_name": gettext_lazy("Another shelter has this code name already."),
    "bed_is_not_out_of_order_twice": gettext_lazy("This bed is out of order at that time already."),
    "bed_code_is_used_once_in_a_shelter": gettext_lazy(
        "Your shelter has a place of that name already."
    ),
    "case_has_one_open_shelter_request": gettext_lazy(
        "Shelter is asked for already in this case. Follow that request."
    ),
}
#: Who brings somebody to a bed when the desk is closed (domain model 2.3, source F14).
POLICE = (OrganisationType.POLICE_UNIT, OrganisationType.KMAR, OrganisationType.NLA)
MAY_WAIT = ("40P01", "40001")  # deadlock, serialization: the deed may be tried again
TRIES = 3
Done = TypeVar("Done")


def taken_in_words(deed: Callable[[], Done], also: Mapping[str, Promise] | None = None) -> Done:
    """Do the deed; a constraint that keeps beds and people apart speaks to the reader.

    Who deadlocks with somebody else tries again: what was done until then is undone first.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return deed()
        except IntegrityError as error:
            raise _in_words(error, {**TAKEN, **(also or {})}) from error
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in MAY_WAIT:
                raise
            if not tries_left:
                busy = _("Many people are placing at this moment. Try again.")
                raise PlacementRefused(busy) from error
    raise AssertionError("the last try returns or raises")


def _in_words(error: IntegrityError, known: Mapping[str, Promise]) -> Exception:
    said = (str(words) for name, words in known.items() if name in str(error))
    return next((PlacementRefused(words) for words in said), error)


def sides_of(by: Membership, shelter: Shelter | None) -> set[Side]:
    """Where a member stands towards a placement in this shelter."""
    sides = set()
    if by.may(Permission.PLACEMENT_RESERVE):
        sides.add(Side.DESK)
    if by.may(Permission.SHELTER_REQUEST):
        sides.add(Side.COORDINATOR)
    runs_it = shelter is not None and shelter.organisation_id == by.organisation_id
    if runs_it and by.may(Permission.PLACEMENT_ANSWER):
        sides.add(Side.SHELTER)
    return sides


def can_move(by: Membership, placement: Placement, to: PlacementStatus) -> bool:
    movers = PLACEMENT_MOVES[PlacementStatus(placement.status)].get(to, ())
    return bool(sides_of(by, placement.shelter) & set(movers))


def check_move(by: Membership, placement: Placement, to: PlacementStatus, *, at: datetime) -> None:
    if not can_move(by, placement, to):
        raise PlacementRefused(
            _("This placement is “%(status)s” now; that can no longer be done.")
            % {"status": placement.get_status_display()}
        )
    if placement.status == PlacementStatus.RESERVED and placement.reserved_until <= at:
        raise PlacementRefused(_("The time to answer is over; the bed is free again."))


def check_refusal(reason: str) -> None:
    if reason not in RefusalReason.values:
        raise ShelterRefused(_("Say why you refuse."))


def check_departure(placement: Placement, reason: str, *, at: datetime) -> None:
    if reason not in EndReason.values:
        raise ShelterRefused(_("Say why the stay ends."))
    if (reason == EndReason.NEVER_ARRIVED) != (placement.arrived_at is None):
        raise ShelterRefused(
            _("“%(reason)s” does not fit: the arrival was %(recorded)s.")
            % {
                "reason": EndReason(reason).label,
                "recorded": _("recorded") if placement.arrived_at else _("not recorded"),
            }
        )
    if placement.arrived_at is not None and at < placement.arrived_at:
        raise ShelterRefused(_("The departure comes after the arrival."))


def check_wish(wish: Wish) -> None:
    known = (Urgency.values, Sex.values, AgeGroup.values)
    for value, values in zip((wish.urgency, wish.sex, wish.age_group), known, strict=True):
        if value not in values:
            raise ShelterRefused(_("Choose one of the answers."))
    if not set(wish.needs) <= set(NeedCode.values):
        raise ShelterRefused(_("Choose one of the answers."))


def check_own_shelter(by: Membership, shelter: Shelter) -> None:
    """The shelter's own people, or the desk for them."""
    own = by.may(Permission.BED_MANAGE_OWN) and shelter.organisation_id == by.organisation_id
    if not own and not by.may(Permission.PLACEMENT_RESERVE):
        raise PlacementRefused(_("This is not a shelter of your organisation."))


def check_offer(offer: Offer, held: Shelter, lists: Lists, *, today: date) -> None:
    lists.check(ListName.GROUP, offer.target_groups, on=today, kept=held.target_groups)
    lists.check(ListName.EXPERTISE, offer.expertise, on=today, kept=held.expertise)
    if offer.max_age is not None and offer.max_age < offer.min_age:
        raise ShelterRefused(_("The highest age is not below the lowest."))


def check_emergency(emergency: Emergency, *, days: int, at: datetime) -> None:
    if emergency.placed_by.type not in POLICE:
        raise ShelterRefused(_("Outside office hours only the police place somebody."))
    if emergency.since > at:
        raise ShelterRefused(_("That moment is still to come."))
    if emergency.since < at - timedelta(days=days):
        raise ShelterRefused(_("Write it down within %(days)d days.") % {"days": days})


def check_family(choices: Sequence[Choice]) -> None:
    if len(choices) < 2:
        raise PlacementRefused(_("A family is two people or more."))
    if len({choice.bed.pk for choice in choices}) < len(choices):
        raise PlacementRefused(_("Choose another bed for each of them."))
    if len({choice.bed.shelter_id for choice in choices}) > 1:
        raise PlacementRefused(_("A family stays in one shelter."))


def check_desk(by: Membership) -> None:
    if not by.may(Permission.PLACEMENT_RESERVE):
        raise PlacementRefused(_("Only the placement desk does this."))


def check_agreement(
    agreement: Agreement, current: Contract | None, lists: Lists, *, today: date
) -> None:
    kept = [current.funding] if current else []
    lists.check(ListName.FUNDER, [agreement.funding], on=today, kept=kept)
    if not 0 <= agreement.places <= MOST_PLACES:
        raise ShelterRefused(_("Write at most %(most)d places.") % {"most": MOST_PLACES})
    if current is not None and agreement.valid_from < current.valid.lower:
        raise ShelterRefused(
            _("Something holds already since %(day)s. Choose that day or a later one.")
            % {"day": current.valid.lower.strftime("%d-%m-%Y")}
        )


def check_purpose(purpose: str) -> None:
    if purpose not in RevealPurpose.values:
        raise ShelterRefused(_("Say what you need the address for."))


def can_move_request(by: Membership, request: PlacementRequest, to: RequestStatus) -> bool:
    """For the moves that are not the shelter's: a request follows its placement there."""
    movers = REQUEST_MOVES[RequestStatus(request.status)].get(to, ())
    return bool(sides_of(by, None) & set(movers))


def check_request_move(by: Membership, request: PlacementRequest, to: RequestStatus) -> None:
    if not can_move_request(by, request, to):
        raise PlacementRefused(
            _("This request is “%(status)s” now; that can no longer be done.")
            % {"status": request.get_status_display()}
        )


def check_case_is_open(case: Case) -> None:
    if case.status != CaseStatus.ACTIVE:
        raise PlacementRefused(_("Shelter is asked for in an active case only."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a coordinator asks for a person."""

    case: Case
    urgency: str
    sex: str
    age_group: str
    needs: Sequence[str] = ()
    avoid_region: SafetyRegion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A bed for a request."""

    request: PlacementRequest
    bed: Bed


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Where the police brought the person outside office hours, since when, and on which basis."""

    request: PlacementRequest
    bed: Bed
    since: datetime
    placed_by: Organisation
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a shelter says no to a placement."""

    placement: Placement
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Why a stay ends."""

    placement: Placement
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a shelter stands. It has no text form, so that no log can hold it by accident."""

    street: str = field(repr=False)
    postcode: str = field(repr=False)
    town: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Whom a shelter takes in and what it can do, as the shelter says."""

    sexes: str
    min_age: int
    max_age: int | None = None
    children: bool = False
    pets: bool = False
    wheelchair: bool = False
    security: str
    target_groups: Sequence[str] = ()
    expertise: Sequence[str] = ()
    languages: Sequence[str] = ()
    #: What the page showed; see referral.lib.versions.
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What kind of shelter it is and whether people are placed there, as the desk says."""

    code_name: str
    type: str
    safety_region: SafetyRegion
    active: bool = True
    #: What the page showed; see referral.lib.versions.
    seen: str | None = None


def names_in(said: type[Offer | Standing]) -> list[str]:
    """Which fields of a shelter are said in an offer, or in a standing."""
    return [one.name for one in fields(said) if one.name != "seen"]


def mark_of_profile(shelter: Shelter, said: type[Offer | Standing]) -> str:
    """Which version of that part of the profile stands; the other part changes it not."""
    stands = model_to_dict(shelter, fields=names_in(said))
    return mark_of(*sorted(stands.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """From this day on a funder pays so many places; 0 when it pays none any more."""

    shelter: Shelter
    funding: str
    places: int
    valid_from: date


def national_desk() -> Organisation:
    return Organisation.objects.get(type=OrganisationType.COMENSHA)
