"""A consent moves only along the table, in the rules and in the database."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.lib.ids import uuid7
from referral.sharing.models import Consent
from referral.sharing.rules import ConsentRefused, check_move
from referral.sharing.workflow import BEGINNINGS, ENDED, MOVES, State
from tests.sharing.conftest import NOW, fields_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", State)
def test_a_consent_moves_only_along_the_table(start, coordinator, consent_at):
    consent = consent_at(start)
    one = Consent.objects.filter(pk=consent.pk)
    for goal in State:
        allowed = goal in MOVES[start]
        change = {"state": goal} | fields_of(goal, coordinator)
        with acting(coordinator, purpose="test"), transaction.atomic():
            if allowed:
                check_move(consent, goal)
                assert one.update(**change) == 1, goal
            else:
                with pytest.raises(ConsentRefused, match=r".+"):
                    check_move(consent, goal)
                with (
                    pytest.raises(IntegrityError, match="consent_moves_along_the_table"),
                    transaction.atomic(),
                ):
                    one.update(**change)
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", State)
def test_a_consent_begins_as_asked_or_with_its_answer(state, coordinator, person):
    consent = Consent(
        id=uuid7(),
        person=person,
        organisation=coordinator.organisation,
        purpose="placement",
        asked_at=NOW,
        asked_by=coordinator.user,
        state=state,
        **fields_of(state, coordinator),
    )
    with acting(coordinator, purpose="test"):
        if state in BEGINNINGS:
            Consent.objects.bulk_create([consent])
        else:
            with (
                pytest.raises(IntegrityError, match="consent_moves_along_the_table"),
                transaction.atomic(),
            ):
                Consent.objects.bulk_create([consent])


def test_every_state_can_be_reached_and_an_end_is_an_end():
    assert {goal for goals in MOVES.values() for goal in goals} | {*BEGINNINGS} == set(State)
    assert all(not MOVES[state] for state in ENDED)
    assert timezone.now() > NOW
