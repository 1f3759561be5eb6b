"""A walk at random over all tables of moves at once, by everybody; what holds, holds throughout.

A short walk, always the same one, is in the suite. `BAKEN_WALKS=200` makes as many, each one
different from those of the last run (CONTRIBUTING.md).
"""

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from referral.access.context import acting
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.registrations.corrections.workflow import Status as CorrectionStatus
from referral.sharing.actions import withdraw_consent
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.workflow import State
from tests.factories.cases import case_at, handoff_at, make_registration
from tests.factories.shelters import make_request
from tests.factories.signals import make_signal
from tests.moves import files, further, inner, lists, lives
from tests.moves.clock import strike
from tests.moves.deeds import Deed, do
from tests.moves.everything import DEEDS, LIVES
from tests.moves.guard import Place, Trail, as_guard, statuses
from tests.moves.inner import BY_ITSELF, CORRECTION
from tests.moves.inner_scene import OF_CASES
from tests.moves.invariants import broken
from tests.moves.lives import Life, as_it_stands
from tests.moves.scene import Scene, make_scene

WALKS = int(os.environ.get("BAKEN_WALKS", "0"))
STEPS = 60 if WALKS else 20
#: Looks at a record, which a page may take before the deed.
LOOKS = ("opened", "read", "listed", "looked", "shown", "searched", "found")
#: Lives by their table, and the tables with their keys.
LIFE_OF = {one.table: one for one in LIVES}
TABLES = [(table, one.key) for table, one in LIFE_OF.items()]
#: The doors of each.
DOORS = {table: [one for one in DEEDS if one.life is life] for table, life in LIFE_OF.items()}
#: Where a life begins further on than the first status of its table.
BEGINS = {CORRECTION: CorrectionStatus.PROPOSED}
#: What follows when the clock strikes: the request of a reservation that expires goes back to the
#: desk, and papers that a worker left lying are made.
FOLLOWS = (lives.REQUEST, lists.PACK)
#: Who moves something when the clock strikes: files wait for a worker.
BY_CLOCK = {*BY_ITSELF, "worker"}
#: What is destroyed takes records along, and papers go when the agenda changes after all.
DESTROYS = {further.ERASURE.table, lists.OF_CARE.table}
#: What a step does, of nineteen; of the deeds one in five is tried by whom nothing lets.
STEP = ("deed", "begin", "clock", "consent")
WEIGHTS = (16, 1, 1, 1)
ALLOWED = (True, True, True, True, False)
#: So many days ahead the clock strikes: before, at and long after any term.
DAYS = (0, 1, 2, 4, 8, 15, 31, 70, 400)


def first_of(life: Life) -> Any:
    """Where a record of this life begins."""
    return BEGINS.get(life) or next(iter(life.moves))


def begin(life: Life, scene: Scene, case: Any = None) -> None:
    """A record where its life begins; what belongs to a case may begin in one that is there."""
    country = scene.place.country
    if life is lives.SIGNAL:
        make_signal(by=country.officer)
    elif life is lives.REGISTRATION:
        make_registration(country, completed=False)
    elif life is lives.CASE:
        case_at(CaseStatus.ACTIVE if case else CaseStatus.INTAKE, country)
    elif life is lives.REQUEST:
        make_request(scene.place, case=case)
    elif life is lives.HANDOFF:
        handoff_at(HandoffStatus.OFFERED, country, case=case)
    else:
        begin_inside(life, scene, case)


def begin_inside(life: Life, scene: Scene, case: Any) -> None:
    """The same in a room inside a room."""
    if life in inner.INNER:
        scene.rooms.make(life, first_of(life), case if life in OF_CASES else None)
    elif life in further.FURTHER:
        scene.further.make(life, first_of(life))
    elif life in files.FILES:
        scene.files.first(life, case)
    else:
        scene.lists.first(life)


#: What follows of a deed about the same record has a line of its own.
FOLLOWS = "ground_of_permit_fell"
#: A placement comes of a request and papers of a meeting; the lines of a file begin together.
BY_OTHERS = (lives.PLACEMENT, lists.PACK, further.TRACK, further.REPORT)
BEGIN = [one for one in LIVES if one not in BY_OTHERS]


class Walk(RuleBasedStateMachine):
    """The steps: any deed as anybody, begin something, let time pass, or take consent back."""

    scene: ClassVar[Scene]
    #: How many steps were taken, and how often each deed, and the clock, moved something.
    steps: ClassVar[int] = 0
    moves: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.stands = statuses(TABLES)
        self.taken = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(seed=st.integers(min_value=0, max_value=2**32))
    def step(self, seed: int) -> None:
        """One step, chosen by a number alone: a record first, then its move, then who makes it."""
        self.taken += 1
        type(self).steps += 1
        chance = Random(f"{seed} {self.taken}")
        [what] = chance.choices(STEP, WEIGHTS)
        if what == "deed":
            self._somebody_does(chance)
        elif what == "clock":
            self._the_clock_strikes(chance.choice(DAYS))
        elif what == "consent":
            self._consent_is_taken_back(chance)
        else:
            self._something_begins(chance)
        self._all_holds()

    def _something_begins(self, chance: Random) -> None:
        """In a case on which Alice works, or in a new one; not where a request is open already."""
        case = self._case(chance)
        owned = case.owner_organisation_id == self.scene.place.alice.organisation_id
        works = owned and case.status == CaseStatus.ACTIVE
        with suppress(Refused), transaction.atomic():
            begin(chance.choice(BEGIN), self.scene, case if works else None)
        self.stands = statuses(TABLES)

    def _case(self, chance: Random) -> Any:
        cases = sorted(str(pk) for table, pk in self.stands if table == lives.CASE.table)
        with as_guard():
            found = lives.CASE.model._base_manager.select_related("person")
            return found.get(pk=chance.choice(cases))

    def _consent_is_taken_back(self, chance: Random) -> None:
        alice, case = self.scene.place.alice, self._case(chance)
        with acting(alice, purpose="test"):
            given = Consent.objects.visible_to(alice).about(case.person)
            for one in given.filter(state=State.GIVEN, purpose=Purpose.HANDOFF):
                reason = WithdrawalReason(WithdrawalReason.values[0])
                withdraw_consent(one, reason=reason, by=alice, at=timezone.now())
        self.stands = statuses(TABLES)

    def _somebody_does(self, chance: Random) -> None:
        """Most of the time what the tables allow, by whom they allow it; else what they do not."""
        (table, pk), record, deed, actor = self._chosen(chance, allowed=chance.choice(ALLOWED))
        life = LIFE_OF[table]
        goals = deed.goals(record.status, life.sides(record, actor))
        before, trail = self.stands, Trail.now()
        answer = do(deed, record, actor, self.scene.names)
        after = self.stands = statuses(TABLES)

        said = (deed.name, actor.role, record.status, answer)
        gone = {place for place in before if place not in after}
        moved = {one for one in before.keys() - gone if after[one] != before[one]}
        papers = {kind for kind, _pk in gone} <= {lists.PACK.table}
        assert papers or (table in DESTROYS and moved), (*said, gone)
        assert (table, pk) not in moved or after[table, pk] in goals, said
        assert (table, pk) in moved or not moved, said
        for one in moved - {(table, pk)}:
            assert after[one] in LIFE_OF[one[0]].moves[before[one]], (*said, one, before[one])
        written = trail.lines_after()
        lines = [one for one in written if not one[0].endswith((*LOOKS, FOLLOWS))]
        # To open what was sent moves it, and to look moves nothing.
        assert written if moved else not lines, (*said, lines)
        # A bed that is reserved has its line with the placement that comes of it.
        assert sum(about == str(pk) for _action, about in lines) <= 1, (*said, lines)
        assert Trail.now(until=trail.last) == trail
        self.moves[deed.name] += bool(moved)

    def _chosen(self, chance: Random, *, allowed: bool) -> tuple[Place, Any, Deed, Membership]:
        """A life first, of those with a record that can move; then the record, then its move."""
        by_table: dict[str, list[Any]] = {}
        for (table, pk), status in self.stands.items():
            if LIFE_OF[table].moves[status] and DOORS[table]:
                by_table.setdefault(table, []).append(pk)
        while True:
            table = chance.choice(sorted(by_table))
            pk = chance.choice(sorted(by_table[table]))
            record = as_it_stands(LIFE_OF[table], pk)
            sides = {one: LIFE_OF[table].sides(record, one) for one in self.scene.actors}
            deeds = DOORS[table]
            tries = {
                deed: [
                    one for one in sides if bool(deed.goals(record.status, sides[one])) == allowed
                ]
                for deed in deeds
            }
            found = [deed for deed in deeds if tries[deed]]
            if found:
                deed = chance.choice(found)
                return (table, pk), record, deed, chance.choice(tries[deed])

    def _the_clock_strikes(self, days: int) -> None:
        """What only time does; struck again at the same moment it does nothing more."""
        at = timezone.now() + timedelta(days=days)
        before, trail = self.stands, Trail.now()
        strike(at)
        after = self.stands = statuses(TABLES)

        moved = {one for one in before if after[one] != before[one]}
        for one in moved:
            life, start = LIFE_OF[one[0]], before[one]
            said = (days, *one, start, after[one])
            assert after[one] in life.moves[start], said
            assert life.movers(start, after[one]) & BY_CLOCK or life in FOLLOWS, said
        written = trail.lines_after()
        assert written or not moved, days
        assert Trail.now(until=trail.last) == trail
        strike(at)
        assert statuses(TABLES) == after, days
        assert trail.lines_after() == written, days
        self.moves["clock"] += bool(moved)

    def _all_holds(self) -> None:
        assert broken() == []
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a request
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def scene(module_db: None) -> Scene:  # noqa: ARG001
    """One of each life where it begins: every walk sets out from here, and is undone."""
    scene = make_scene()
    for life in (*BEGIN, lives.CASE):
        begin(life, scene)
    return scene


def test_whatever_happens_what_must_hold_holds(scene: Scene):
    """At least half of the steps move something: a walk in which nothing moves proves nothing."""
    Walk.scene = scene
    chosen = settings(
        max_examples=WALKS or 4,
        stateful_step_count=STEPS,
        derandomize=not WALKS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what breaks is told at once, with every step to it
    )
    run_state_machine_as_test(Walk, settings=chosen)

    assert Walk.moves.total() * 2 >= Walk.steps >= STEPS
