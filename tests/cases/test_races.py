"""Several at once, on real connections: exactly one wins, and the others get a sentence."""

from collections import Counter
from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from referral.cases.actions import accept_case, accept_handoff, withdraw_handoff
from referral.cases.models import Case, Handoff
from referral.cases.rules import MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.models import Membership
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country

pytestmark = pytest.mark.usefixtures("committed")


def at_once(deeds: Sequence[tuple[Membership, Callable[[Membership], object]]]) -> list[str]:
    """Do all at the same moment, each on a connection of its own; what became of each."""
    start, results = Barrier(len(deeds)), ["" for _ in deeds]

    def run(number: int, member: Membership, deed: Callable[[Membership], object]) -> None:
        start.wait()
        try:
            with doing(member):
                deed(member)
            results[number] = "done"
        except MoveRefused as refusal:
            results[number] = "refused" if str(refusal) else "without words"
        except Exception as error:  # noqa: BLE001 -- anything else is what the test is about
            results[number] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, *deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_twelve_who_accept_a_case_exactly_one_does():
    country = make_country()
    case = case_at(CaseStatus.INTAKE, country)
    colleagues = [colleague_of(country.alice) for _ in range(12)]

    results = at_once(
        [(one, lambda by: accept_case(case, by=by, at=timezone.now())) for one in colleagues]
    )

    assert Counter(results) == {"done": 1, "refused": 11}
    winner = colleagues[results.index("done")]
    with doing(winner):
        assert Case.objects.get(pk=case.pk).coordinator == winner.user


def test_of_an_acceptance_and_a_withdrawal_exactly_one_wins():
    country = make_country()
    for _ in range(4):
        handoff = handoff_at(HandoffStatus.OFFERED, country)

        results = at_once(
            [
                (country.bob, lambda by: accept_handoff(handoff, by=by, at=timezone.now())),  # noqa: B023
                (country.alice, lambda by: withdraw_handoff(handoff, by=by, at=timezone.now())),  # noqa: B023
            ]
        )

        assert sorted(results) == ["done", "refused"]
        with doing(country.alice):
            after = Handoff.objects.get(pk=handoff.pk)
            case = Case.objects.get(pk=handoff.case_id)
        winner = country.bob if results[0] == "done" else country.alice
        accepted = after.status == HandoffStatus.ACCEPTED
        assert accepted is (winner is country.bob)
        assert case.owner_organisation == winner.organisation
        assert case.offered_to is None
