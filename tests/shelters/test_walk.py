"""Whatever is done in whatever order: never two in one bed, and never one person in two.

Short and the same each time in the suite; BEDS_WALKS=500 walks longer, and elsewhere each time.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from referral.access.context import acting
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType
from referral.sharing.models import Purpose
from shelters import actions
from shelters.models import Bed, Placement, PlacementRequest
from shelters.rules import Choice, Emergency
from shelters.swaps import actions as swaps
from shelters.swaps.models import Swap
from shelters.workflow import PlacementStatus
from tests.factories.cases import CaseStatus, case_at, give_consent
from tests.factories.people import make_organisation
from tests.factories.shelters import make_place, make_wish, more_beds

WALKS = int(os.environ.get("BEDS_WALKS", "0"))
PEOPLE, BEDS = 3, 4
#: A sentence, and what would be found if it were not true. `held` holds a bed, `there` a person.
WITH = """WITH held AS (SELECT * FROM shelters_placement
        WHERE status IN ('reserved', 'accepted', 'arrived', 'ended')),
    there AS (SELECT * FROM held WHERE follows_id IS NULL OR arrived_at IS NOT NULL)"""
NEVER = {
    "two in one bed": """SELECT count(*) FROM held a JOIN held b
        ON a.bed_id = b.bed_id AND a.id < b.id AND a.during && b.during""",
    "one person in two beds": """SELECT count(*) FROM there a JOIN there b
        ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during""",
    "two next beds of one person": """SELECT count(*) FROM (SELECT FROM held
        WHERE status IN ('reserved', 'accepted') GROUP BY person_id HAVING count(*) > 1) more""",
    "somebody in a bed that is out of order": """SELECT count(*) FROM held p
        JOIN shelters_bedoutage o ON o.bed_id = p.bed_id AND o.during && p.during""",
    "a request that does not say where its placement stands": """
        SELECT count(*) FROM shelters_placementrequest r WHERE (r.status = 'offered') <>
        EXISTS (SELECT FROM held p WHERE p.request_id = r.id AND p.status = 'reserved')""",
    "a stay without who stays, or the other way round": """
        SELECT count(*) FROM shelters_placement p LEFT JOIN stays_stay s ON s.placement_id = p.id
        WHERE (p.status = 'arrived') <> (s.status IS NOT NULL AND s.status <> 'over')""",
    "a change of beds of which one half is done": """
        SELECT count(*) FROM swaps_swap w JOIN swaps_swapside s ON s.swap_id = w.id
        WHERE w.status = 'done' AND NOT EXISTS (SELECT FROM shelters_placement o
            JOIN shelters_placement n ON n.follows_id = o.id WHERE o.id = s.placement_id
            AND upper(o.during) = w.closed_at AND lower(n.during) = w.closed_at)""",
    "a shelter that sees a case of who is not there": """
        SELECT count(*) FROM cases_casegrant g WHERE g.basis = 'placement' AND upper_inf(g.valid)
        AND NOT EXISTS (SELECT FROM held p JOIN shelters_shelter s ON s.id = p.shelter_id
            WHERE p.case_id = g.case_id AND s.organisation_id = g.organisation_id
            AND p.status = 'arrived')""",
}
people, beds = st.integers(0, PEOPLE - 1), st.integers(0, BEDS - 1)


class Beds(RuleBasedStateMachine):
    """Two shelters with two beds each, three people, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.walk = transaction.atomic()
        self.walk.__enter__()
        self.now: datetime = START

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.walk.__exit__(None, None, None)

    def do(self, by: Membership, deed: Callable[[], object]) -> None:
        """Refused is an answer; any other error would be a page that fails."""
        self.now += timedelta(minutes=1)
        try:
            with acting(by, purpose="test"), transaction.atomic():
                deed()
        except (Refused, Bed.DoesNotExist):
            pass

    def asked(self, person: int) -> PlacementRequest | None:
        with acting(SCENE.desk, purpose="test"):
            found = PlacementRequest.objects.filter(case=CASES[person])
            return found.order_by("requested_at").last()

    def placed(self, person: int, *statuses: PlacementStatus) -> Placement | None:
        with acting(SCENE.desk, purpose="test"):
            found = Placement.objects.filter(case=CASES[person], status__in=statuses)
            return found.select_related("shelter").order_by("reserved_at").last()

    def worker(self, placement: Placement) -> Membership:
        here = placement.shelter_id == SCENE.house.shelter.pk
        return SCENE.worker if here else SCENE.other.worker

    @rule(person=people)
    def ask(self, person: int) -> None:
        alice = SCENE.alice
        wish = make_wish(CASES[person])
        self.do(alice, lambda: actions.request_shelter(wish, by=alice, at=self.now))

    @rule(person=people, bed=beds)
    def reserve(self, person: int, bed: int) -> None:
        """For who stays somewhere it is a transfer."""
        desk = SCENE.desk
        if (asked := self.asked(person)) is not None:
            self.do(
                desk,
                lambda: actions.reserve_bed(asked, bed=PLACES[bed], by=desk, at=self.now),
            )

    @rule(first=people, bed=st.integers(0, 1))
    def reserve_for_family(self, first: int, bed: int) -> None:
        desk = SCENE.desk
        pair = [self.asked(first), self.asked((first + 1) % PEOPLE)]
        wanted = PLACES[2 * bed : 2 * bed + 2]
        choices = [Choice(request=r, bed=b) for r, b in zip(pair, wanted, strict=True) if r]
        self.do(desk, lambda: actions.reserve_for_family(choices, by=desk, at=self.now))

    @rule(person=people, bed=beds, hours=st.integers(0, 48))
    def write_emergency_down(self, person: int, bed: int, hours: int) -> None:
        desk = SCENE.desk
        if (asked := self.asked(person)) is not None:
            night = Emergency(
                request=asked,
                bed=PLACES[bed],
                since=self.now - timedelta(hours=hours),
                placed_by=POLICE,
                legal_basis="vital_interest",
            )
            self.do(desk, lambda: actions.record_emergency(night, by=desk, at=self.now))

    @rule(person=people, yes=st.booleans())
    def answer(self, person: int, yes: bool) -> None:  # noqa: FBT001 -- hypothesis draws it
        if (placement := self.placed(person, PlacementStatus.RESERVED)) is not None:
            by = self.worker(placement)
            if yes:
                self.do(by, lambda: actions.accept_placement(placement, by=by, at=self.now))
            else:
                self.do(
                    by,
                    lambda: actions.refuse_placement(placement, reason="full", by=by, at=self.now),
                )

    @rule(person=people)
    def arrive(self, person: int) -> None:
        """Who had another place leaves it by this."""
        if (placement := self.placed(person, PlacementStatus.ACCEPTED)) is not None:
            by = self.worker(placement)
            self.do(by, lambda: actions.record_arrival(placement, by=by, at=self.now))

    @rule(first=people, declines=st.booleans())
    def change_beds(self, first: int, declines: bool) -> None:  # noqa: FBT001
        """The desk proposes it; both shelters, or one for both, accept; or one declines."""
        status = PlacementStatus.ARRIVED
        pair = [self.placed(who, status) for who in (first, (first + 1) % PEOPLE)]
        one, other = pair
        if one is None or other is None:
            return
        desk = SCENE.desk
        self.do(desk, lambda: swaps.propose_swap(one, other, by=desk, at=self.now))
        with acting(desk, purpose="test"):
            swap = Swap.objects.order_by("proposed_at").last()
        if swap is None:
            return
        for by in {who.pk: who for who in map(self.worker, pair)}.values():
            deed = swaps.decline_swap if declines else swaps.accept_swap
            self.do(by, lambda by=by, deed=deed: deed(swap, by=by, at=self.now))
        self.do(desk, lambda: swaps.carry_out_swap(swap, by=desk, at=self.now))

    @rule(person=people, coming=st.booleans())
    def leave(self, person: int, coming: bool) -> None:  # noqa: FBT001 -- hypothesis draws it
        status = PlacementStatus.ACCEPTED if coming else PlacementStatus.ARRIVED
        if (placement := self.placed(person, status)) is not None:
            by, reason = self.worker(placement), "never_arrived" if coming else "family"
            self.do(by, lambda: actions.end_placement(placement, reason=reason, by=by, at=self.now))

    @rule(hours=st.integers(1, 6))
    def let_time_pass(self, hours: int) -> None:
        desk = SCENE.desk
        self.now += timedelta(hours=hours)
        self.do(
            desk,
            lambda: actions.expire_reservations(
                Placement.objects.visible_to(desk).unanswered_at(self.now), by=desk, at=self.now
            ),
        )

    @rule(bed=beds, broken=st.booleans())
    def put_out_of_order(self, bed: int, broken: bool) -> None:  # noqa: FBT001
        manager = SCENE.house.manager if bed < 2 else SCENE.other.manager
        deed = actions.set_out_of_order if broken else actions.set_in_order
        self.do(manager, lambda: deed(PLACES[bed], by=manager, at=self.now))

    @invariant()
    def never(self) -> None:
        with connection.cursor() as eyes:
            eyes.execute("SET LOCAL ROLE baken_guard")
            asked = ", ".join(f"({sql})" for sql in NEVER.values())
            eyes.execute(f"{WITH} SELECT {asked}")
            counts = dict(zip(NEVER, eyes.fetchone() or (), strict=True))
            eyes.execute("SET LOCAL ROLE baken_web")
        assert not any(counts.values()), counts


@pytest.mark.django_db
def test_never_two_in_one_bed_and_never_one_person_in_two() -> None:
    global SCENE, CASES, PLACES, POLICE, START  # noqa: PLW0603 -- one scene for all walks
    SCENE = make_place()
    START = timezone.now() - timedelta(days=60)
    CASES = [case_at(CaseStatus.ACTIVE, SCENE.country, at=START) for _ in range(PEOPLE)]
    for case in CASES:
        give_consent(case, Purpose.PLACEMENT, by=SCENE.alice, at=START)
    PLACES = [
        SCENE.house.bed,
        *more_beds(SCENE.house, 1),
        SCENE.other.bed,
        *more_beds(SCENE.other, 1),
    ]
    POLICE = make_organisation(OrganisationType.POLICE_UNIT)
    run_state_machine_as_test(
        Beds,
        settings=settings(
            max_examples=WALKS or 6,
            stateful_step_count=50 if WALKS else 20,
            derandomize=not WALKS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink] if WALKS else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
