"""Whose move it is, said once more: from the tables of moves and the matrix of roles alone.

These are the lives of the big rooms; those of the rooms inside are in tests/moves/inner.py.

Nothing here asks the rules or the pages of a room; what those say is held against it
(tests/moves/test_matrix.py), and a walk at random is steered by it (tests/moves/test_walk.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Model

from referral.cases import workflow as cases
from referral.cases.models import Case, Handoff
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX, Permission
from referral.organisations.roles import Role
from referral.registrations import workflow as registrations
from referral.registrations.models import Registration
from shelters import workflow as shelters
from shelters.models import Placement, PlacementRequest
from signals import workflow as signals
from signals.models import SecondReading, Signal
from signals.workflow import ReadingStatus
from tests.moves.guard import as_guard

P = Permission
Sides = set[StrEnum]


@dataclass(frozen=True, eq=False)
class Life:
    """One table of moves, with the records that live by it."""

    model: type[Model]
    moves: Mapping[Any, Mapping[Any, Any]]
    sides: Callable[[Any, Membership], Sides]
    #: What the sides ask of other records.
    also: tuple[str, ...] = ()
    #: What sides and doors ask that no column says; the guard looks it up.
    learn: Callable[[Any], None] = lambda _record: None

    @cached_property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    def movers(self, start: str, goal: str) -> Sides:
        """Whose move this is; nobody's where the table does not have it."""
        found = self.moves[start].get(goal, ())
        return {found} if isinstance(found, str) else set(found)


def may(who: Membership, permission: Permission) -> bool:
    return permission in MATRIX[Role(who.role)]


def at_home(who: Membership, organisation: int | None) -> bool:
    return who.organisation_id == organisation


def chosen(**sides: bool) -> set[str]:
    return {side for side, held in sides.items() if held}


def of_case(case: Case, who: Membership) -> Sides:
    return {
        cases.Side(side)
        for side in chosen(
            owner=may(who, P.CASE_WORK) and at_home(who, case.owner_organisation_id),
            receiver=may(who, P.HANDOFF_ANSWER) and at_home(who, case.offered_to_id),
        )
    }


def of_handoff(handoff: Handoff, who: Membership) -> Sides:
    return {
        cases.Side(side)
        for side in chosen(
            sender=may(who, P.HANDOFF_OFFER) and at_home(who, handoff.from_organisation_id),
            receiver=may(who, P.HANDOFF_ANSWER) and at_home(who, handoff.to_organisation_id),
        )
    }


def of_request(request: PlacementRequest, who: Membership) -> Sides:
    """The coordinator who is responsible now: the request went along with the case."""
    owner = request.case.owner_organisation_id
    return {
        shelters.Side(side)
        for side in chosen(
            coordinator=may(who, P.SHELTER_REQUEST) and at_home(who, owner),
            desk=may(who, P.PLACEMENT_RESERVE),
        )
    }


def of_placement(placement: Placement, who: Membership) -> Sides:
    house = placement.shelter.organisation_id
    return {
        shelters.Side(side)
        for side in chosen(
            shelter=may(who, P.PLACEMENT_ANSWER) and at_home(who, house),
            desk=may(who, P.PLACEMENT_RECORD) and may(who, P.PLACEMENT_READ_ALL),
        )
    }


def of_registration(registration: Registration, who: Membership) -> Sides:
    """Of who reports, the very person: a colleague does not know that it was reported."""
    own = registration.submitted_by_id == who.user_id
    return {
        registrations.Side(side)
        for side in chosen(
            reporter=may(who, P.REGISTRATION_SUBMIT)
            and own
            and at_home(who, registration.organisation_id),
            desk=may(who, P.REGISTRATION_COMPLETE),
        )
    }


def of_signal(signal: Signal, who: Membership) -> Sides:
    """Who proposed to reject does not read a second time."""
    reads = signal.created_by_id == who.user_id or may(who, P.SIGNAL_READ_ORGANISATION)
    handles = signal.taken_up_by_id == who.user_id or who.role == Role.EMM_COORDINATOR
    proposed = who.user_id in signal.proposers  # type: ignore[attr-defined] -- learned
    return {
        signals.Side(side)
        for side in chosen(
            analyst=may(who, P.SIGNAL_TRIAGE),
            handler=may(who, P.SIGNAL_TRIAGE) and handles,
            reader=may(who, P.SIGNAL_JUDGE) and not proposed,
            reporter=may(who, P.SIGNAL_SUBMIT)
            and at_home(who, signal.reporter_organisation_id)
            and (reads or may(who, P.SIGNAL_READ_ALL)),
        )
    }


def learn_proposers(signal: Any) -> None:
    waiting = SecondReading.objects.filter(signal=signal, status=ReadingStatus.WAITING)
    signal.proposers = set(waiting.values_list("proposed_by", flat=True))


CASE = Life(Case, cases.CASE_MOVES, of_case)
HANDOFF = Life(Handoff, cases.HANDOFF_MOVES, of_handoff)
REQUEST = Life(PlacementRequest, shelters.REQUEST_MOVES, of_request, ("case",))
PLACEMENT = Life(Placement, shelters.PLACEMENT_MOVES, of_placement, ("shelter", "request"))
REGISTRATION = Life(Registration, registrations.MOVES, of_registration)
SIGNAL = Life(Signal, signals.MOVES, of_signal, learn=learn_proposers)
ROOTS = (CASE, HANDOFF, REQUEST, PLACEMENT, REGISTRATION, SIGNAL)


def as_it_stands(life: Life, pk: Any) -> Any:
    """The record as the guard sees it, with what its sides ask."""
    found: Any = life.model._base_manager.all()
    if life.also:  # naming nothing would join all that it leads to
        found = found.select_related(*life.also)
    with as_guard():
        record = found.get(pk=pk)
        life.learn(record)
    return record
