"""Both tables, over every pair of statuses and every side, in the code and in the database."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import Error, transaction
from django.utils import timezone

from referral.cases.models import Case, Handoff
from referral.cases.rules import HELD_BY, can_move_case, can_move_handoff
from referral.cases.workflow import (
    ANSWERED,
    CASE_MOVES,
    HANDOFF_MOVES,
    OPEN_CASE,
    OPEN_HANDOFF,
    UNANSWERED,
    CaseStatus,
    HandoffStatus,
    Side,
)
from referral.organisations.models import Membership, User
from referral.organisations.permissions import MATRIX
from referral.organisations.roles import Role
from tests.factories.cases import case_at, doing, handoff_at, make_country

OWNER, RECEIVER, STRANGER = 1, 2, 3
SIDES = {OWNER: Side.OWNER, RECEIVER: Side.RECEIVER, STRANGER: None}


def member_of(organisation: int, role: Role = Role.ZC) -> Membership:
    return Membership(user_id=1, organisation_id=organisation, role=role)


def test_every_status_has_a_row_and_can_be_reached_and_left_or_is_an_end():
    for moves, statuses, ends in (
        (CASE_MOVES, CaseStatus, {CaseStatus.CLOSED}),
        (HANDOFF_MOVES, HandoffStatus, set(ANSWERED) - {HandoffStatus.ACCEPTED}),
    ):
        assert moves.keys() == set(statuses)
        reached = {goal for goals in moves.values() for goal in goals}
        assert reached | {next(iter(statuses))} == set(statuses)
        assert {status for status in statuses if not moves[status]} == ends
    assert set(OPEN_CASE) == {CaseStatus.INTAKE, CaseStatus.ACTIVE}
    assert set(OPEN_HANDOFF) == {"offered", "in_review", "info_requested"}
    assert set(UNANSWERED) | set(ANSWERED) == set(HandoffStatus)


@pytest.mark.parametrize(("start", "goal", "side"), list(product(CaseStatus, CaseStatus, SIDES)))
def test_a_case_moves_only_along_its_table(start, goal, side):
    case = Case(status=start, owner_organisation_id=OWNER, offered_to_id=RECEIVER)

    expected = SIDES[side] is not None and CASE_MOVES[start].get(goal) == SIDES[side]
    assert can_move_case(member_of(side), case, goal) is expected
    assert not can_move_case(member_of(side, Role.COM_REGISTRAR), case, goal)


@pytest.mark.parametrize(
    ("start", "goal", "side"), list(product(HandoffStatus, HandoffStatus, SIDES))
)
def test_a_handoff_moves_only_along_its_table(start, goal, side):
    handoff = Handoff(status=start, from_organisation_id=OWNER, to_organisation_id=RECEIVER)

    named = {OWNER: Side.SENDER, RECEIVER: Side.RECEIVER, STRANGER: None}[side]
    expected = named is not None and HANDOFF_MOVES[start].get(goal) == named
    assert can_move_handoff(member_of(side), handoff, goal) is expected
    assert not can_move_handoff(member_of(side, Role.ORG_ADMIN), handoff, goal)


def test_each_side_is_held_by_care_coordinators_alone():
    for side, permission in HELD_BY.items():
        if side == Side.CLOCK:
            continue
        assert {role for role, held in MATRIX.items() if permission in held} == {Role.ZC}


def is_let(deed: Callable[[], int], member: Membership) -> bool:
    """Whether the database lets this member do it; nothing is kept."""
    with doing(member):
        before = transaction.savepoint()
        try:
            with transaction.atomic():
                changed = deed()
        except Error:
            return False
        transaction.savepoint_rollback(before)
    return bool(changed)


def may_write(model, pk, values, member) -> bool:
    return is_let(lambda: model.objects.filter(pk=pk).update(**values), member)


def values_of_case(goal: CaseStatus, user: User, organisation: int) -> dict[str, object]:
    now = timezone.now()
    accepted = {"accepted_at": now, "accepted_by": user}
    closed = {"closed_at": None, "closed_by": None, "closure_reason": "", "outcome": ""}
    step = {"next_step": "first_contact", "next_step_by_id": organisation}
    if goal == CaseStatus.INTAKE:
        none = {"accepted_at": None, "accepted_by": None, "person_informed": None}
        return {"status": goal, **none, **closed, **step}
    if goal == CaseStatus.ACTIVE:
        owner = {"owner_organisation_id": organisation, "offered_to": None}
        return {"status": goal, **accepted, **closed, **step, **owner, "person_informed": None}
    return {
        "status": goal, **accepted, "closed_at": now, "closed_by": user, "outcome": "unknown",
        "closure_reason": "other", "person_informed": False, "offered_to": None,
        "next_step": "", "next_step_by": None,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("start", CaseStatus)
def test_the_database_moves_a_case_only_along_the_table(start):
    country = make_country()
    case = case_at(start, country, region=country.here)
    # In the intake the desk is responsible and Alice is asked; later Alice is responsible.
    sides = {country.alice: Side.RECEIVER if start == CaseStatus.INTAKE else Side.OWNER}
    members = [country.alice, country.bob, country.desk, country.placement, country.officer]

    for goal, member in product(CaseStatus, members):
        if goal == start:
            continue
        values = values_of_case(goal, member.user, member.organisation_id)
        expected = member in sides and CASE_MOVES[start].get(goal) == sides[member]
        assert may_write(Case, case.pk, values, member) is expected, (goal, member)


@pytest.mark.django_db
@pytest.mark.parametrize("start", HandoffStatus)
def test_the_database_moves_a_handoff_only_along_the_table(start):
    country = make_country()
    handoff = handoff_at(start, country)
    sides = {country.alice: Side.SENDER, country.bob: Side.RECEIVER}

    for goal, member in product(HandoffStatus, [*sides, country.charlie, country.desk]):
        if goal == start:
            continue
        move = HANDOFF_MOVES[start].get(goal)
        expected = move is not None and move == sides.get(member)
        changes = values_of_handoff(handoff, goal, member)
        assert may_write_with_case(handoff, *changes, member) is expected, (goal, member)
        # A handoff that says what the case does not is refused, whoever says it.
        if goal not in SAYS_NOTHING_NEW and start != HandoffStatus.DRAFT:
            assert not may_write(Handoff, handoff.pk, changes[1], member)


#: The case stands as it stood before these moves.
SAYS_NOTHING_NEW = {
    HandoffStatus.IN_REVIEW, HandoffStatus.INFO_REQUESTED, HandoffStatus.COMPLETED,
}  # fmt: skip


def values_of_handoff(handoff, goal, member) -> tuple[dict[str, object], dict[str, object]]:
    """What the deed would write in the case and in the handoff."""
    now, someone = timezone.now(), member.user
    answered = goal in ANSWERED
    completed = goal == HandoffStatus.COMPLETED
    values = {
        "status": goal,
        "answered_at": now if answered else None,
        "answered_by": someone if answered else None,
        "decline_reason": "capacity" if goal == HandoffStatus.DECLINED else "",
        "reviewed_at": now,
        "reviewed_by": someone,
        "met_on": now.date() if completed else None,
        "completed_at": now if completed else None,
        "completed_by": someone if completed else None,
    }
    if goal in SAYS_NOTHING_NEW:
        return {}, values
    changes: dict[str, object] = {"offered_to": None, "standing_since": now}
    if goal == HandoffStatus.OFFERED:
        changes["offered_to"] = handoff.to_organisation
        values["package_hash"] = "0" * 64
    if goal == HandoffStatus.ACCEPTED:
        changes["owner_organisation_id"] = member.organisation_id
    return changes, values


def may_write_with_case(handoff, changes, values, member) -> bool:
    """As the deeds do: the reply and the case first, then the handoff; nothing is kept."""

    def deed() -> int:
        if values["status"] == HandoffStatus.IN_REVIEW:
            reply = {"sealed_reply": b"So.", "replied_at": timezone.now()}
            handoff.questions.filter(replied_at=None).update(**reply, replied_by=member.user)
        if changes:
            Case.objects.filter(pk=handoff.case_id).update(**changes)
        return Handoff.objects.filter(pk=handoff.pk).update(**values)

    return is_let(deed, member)
