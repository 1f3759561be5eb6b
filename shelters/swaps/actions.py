"""The only writers of changes of beds. The beds themselves are changed by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from referral.audit.actions import Line, record, record_many
from referral.cases.models import Case
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.persons.models import Person
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing
from shelters.actions.holding import board_changed, hold_placements
from shelters.matching.actions.gathering import needs_of, places_of
from shelters.matching.rules import Match, weigh
from shelters.models import Placement
from shelters.rules import national_desk, taken_in_words
from shelters.swaps.models import Swap, SwapSide
from shelters.swaps.rules import (
    TAKEN,
    check_belong,
    check_move_swap,
    check_propose,
    runs_both,
)
from shelters.swaps.workflow import SwapStatus


@transaction.atomic
def propose_swap(first: Placement, second: Placement, *, by: Membership, at: datetime) -> Swap:
    """These two may take each other's bed, when their shelters accept.

    Who runs both beds has accepted by that, and the beds are changed at once: whoever lives in
    the house is not shared with anybody new. Otherwise consent is asked anew, as for a
    reservation. Raises PlacementRefused or SharingRefused.
    """
    return taken_in_words(partial(_propose, first, second, by=by, at=at), TAKEN)


def _propose(first: Placement, second: Placement, *, by: Membership, at: datetime) -> Swap:
    pair = hold_placements([first, second], by=by)
    check_propose(by, *pair)
    check_belong(_weighed(pair, by=by, at=at))
    if first.shelter.organisation_id != second.shelter.organisation_id:
        sharing = Sharing.read([p.person_id for p in pair], purpose=Purpose.PLACEMENT, by=by)
        for placement in pair:
            person = Person(pk=placement.person_id, age_group=placement.request.age_group)
            sharing.check(person, recipient=by.organisation, at=at)
    swap = Swap(proposed_at=at, proposed_by=by.user)
    sides = [
        SwapSide(
            swap=swap,
            number=number,
            placement=leaves,
            house_id=leaves.shelter.organisation_id,
            sex=comes.request.sex,
            age_group=comes.request.age_group,
            needs=comes.request.needs,
        )
        for number, (leaves, comes) in enumerate([pair, pair[::-1]], start=1)
    ]
    swap.save(force_insert=True)
    SwapSide.objects.bulk_create(sides)
    record("swap_proposed", on=swap, by=by, at=at, ids=[placement.pk for placement in pair])
    if runs_both(by, *pair):
        accept_swap(swap, by=by, at=at)
        return carry_out_swap(swap, by=by, at=at)
    _tell_houses(Kind.SWAP_PROPOSED, swap, by=by, at=at)
    return swap


def _weighed(
    pair: Sequence[Placement], *, by: Membership, at: datetime
) -> list[tuple[Placement, Match]]:
    """Each of the two with the place where they would come; nobody who stays in their house."""
    if pair[0].shelter_id == pair[1].shelter_id:
        return []
    requests = [placement.request for placement in pair]
    needs = needs_of(requests, by=by)
    places = places_of([one.bed for one in pair], by=by, at=at, leaving=requests)
    return [
        (comes, weigh(need, place))
        for comes, need, place in zip(pair, needs, places[::-1], strict=True)
    ]


@transaction.atomic
def accept_swap(swap: Swap, *, by: Membership, at: datetime) -> Swap:
    """The shelter says yes to who comes and who leaves; the last yes makes it agreed."""
    swap, sides = _hold(swap, by=by)
    check_move_swap(by, swap, sides, SwapStatus.AGREED)
    own = [side.pk for side in sides if side.house_id == by.organisation_id]
    SwapSide.objects.filter(pk__in=own).update(answered_at=at, answered_by=by.user)
    record("swap_accepted", on=swap, by=by, at=at)
    if all(party.accepted for party in _parties(swap)):
        _write(swap, status=SwapStatus.AGREED)
    _tell_desk(swap, by=by, at=at)
    return swap


@transaction.atomic
def decline_swap(swap: Swap, *, by: Membership, at: datetime) -> Swap:
    """The shelter says no: everybody stays where they are."""
    swap = _close(swap, SwapStatus.DECLINED, by=by, at=at)
    record("swap_declined", on=swap, by=by, at=at)
    return swap


@transaction.atomic
def withdraw_swap(swap: Swap, *, by: Membership, at: datetime) -> Swap:
    """The desk takes the proposal back: everybody stays where they are."""
    swap = _close(swap, SwapStatus.WITHDRAWN, by=by, at=at)
    record("swap_withdrawn", on=swap, by=by, at=at)
    return swap


def _close(swap: Swap, to: SwapStatus, *, by: Membership, at: datetime) -> Swap:
    swap, sides = _hold(swap, by=by)
    check_move_swap(by, swap, sides, to)
    _write(swap, status=to, closed_at=at, closed_by=by.user)
    _tell_houses(Kind.SWAP_CLOSED, swap, by=by, at=at)
    _tell_desk(swap, by=by, at=at)
    return swap


@transaction.atomic
def carry_out_swap(swap: Swap, *, by: Membership, at: datetime) -> Swap:
    """They have changed beds, at this moment: two placements end and two begin, or nothing does.

    The database does it with the status, since no shelter may write the bed of another one.
    """
    return taken_in_words(partial(_carry_out, swap, by=by, at=at), TAKEN)


def _carry_out(swap: Swap, *, by: Membership, at: datetime) -> Swap:
    swap, sides = _hold(swap, by=by)
    check_move_swap(by, swap, sides, SwapStatus.DONE)
    _write(swap, status=SwapStatus.DONE, closed_at=at, closed_by=by.user)
    board_changed()
    parties = _parties(swap)
    lines = [Line(action="swap_carried_out", on=swap, ids=[p.began for p in parties])]
    for party in parties:
        case = Case(pk=party.case)
        lines += [Line(action="access_ended", on=case), Line(action="access_granted", on=case)]
    record_many(lines, by=by, at=at)
    letters = [
        Letter(kind=Kind.BEDS_SWAPPED, to=Organisation(pk=party.coordinator), role=Role.ZC, on=on)
        for party in parties
        for on in [Placement(pk=party.began)]
    ]
    post_many(letters, at=at)
    _tell_houses(Kind.BEDS_SWAPPED, swap, by=by, at=at)
    _tell_desk(swap, by=by, at=at)
    return swap


@dataclass(frozen=True, slots=True)
class SeenSwap:
    """A change of beds with the sides that this reader sees."""

    swap: Swap
    sides: Sequence[SwapSide]


@transaction.atomic
def open_swap(swap: Swap, *, by: Membership, at: datetime) -> SeenSwap:
    """One change of beds; the look is recorded. Raises Swap.DoesNotExist."""
    found = Swap.objects.visible_to(by).get(pk=swap.pk)
    sides = list(SwapSide.objects.visible_to(by).filter(swap=found).with_names())
    record("swap_opened", on=found, by=by, at=at, ids=[side.placement_id for side in sides])
    return SeenSwap(found, sides)


@transaction.atomic
def list_waiting_swaps(*, by: Membership, at: datetime) -> list[SeenSwap]:
    """The changes of beds that wait, each with the sides that this reader sees."""
    swaps = list(Swap.objects.visible_to(by).waiting())
    sides = list(SwapSide.objects.visible_to(by).filter(swap__in=swaps).with_names())
    record("swaps_listed", by=by, at=at, ids=[swap.pk for swap in swaps])
    return [SeenSwap(swap, [one for one in sides if one.swap_id == swap.pk]) for swap in swaps]


def _hold(swap: Swap, *, by: Membership) -> tuple[Swap, list[SwapSide]]:
    """As it is now, with the sides that the member sees; nobody else moves it meanwhile."""
    held = Swap.objects.visible_to(by).select_for_update(of=["self"]).get(pk=swap.pk)
    return held, list(SwapSide.objects.visible_to(by).filter(swap=held).order_by("number"))


def _write(swap: Swap, **values: object) -> None:
    for name, value in values.items():
        setattr(swap, name, value)
    if not Swap.objects.filter(pk=swap.pk).update(**values):
        raise Swap.DoesNotExist


@dataclass(frozen=True, slots=True)
class _Party:
    """A side as the trail and the notices need it; a shelter may not read the other one."""

    case: UUID
    house: int
    coordinator: int
    accepted: bool
    began: UUID | None


def _parties(swap: Swap) -> list[_Party]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM baken.parties_of_swap(%s)", [swap.pk])
        return [_Party(*row) for row in cursor.fetchall()]


def _tell_houses(kind: Kind, swap: Swap, *, by: Membership, at: datetime) -> None:
    """The shelters, but not who did it; about the change of beds, of which they see their side."""
    houses = sorted({party.house for party in _parties(swap)} - {by.organisation_id})
    letters = [
        Letter(kind=kind, to=Organisation(pk=house), role=role, on=swap)
        for house in houses
        for role in (Role.SHELTER_WORKER, Role.SHELTER_MANAGER)
    ]
    post_many(letters, at=at)


def _tell_desk(swap: Swap, *, by: Membership, at: datetime) -> None:
    desk = national_desk()
    if desk.pk == by.organisation_id:
        return
    kinds = {
        SwapStatus.DONE: Kind.BEDS_SWAPPED,
        SwapStatus.DECLINED: Kind.SWAP_CLOSED,
    }
    kind = kinds.get(SwapStatus(swap.status), Kind.SWAP_ACCEPTED)
    post_many([Letter(kind=kind, to=desk, role=Role.COM_PLACEMENT, on=swap)], at=at)
