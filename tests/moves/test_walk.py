"""A walk at random over all tables of moves at once, by everybody; what holds, holds throughout.

A short walk, always the same one, is in the suite. `BAKEN_WALKS=200` makes as many, each one
different from those of the last run (CONTRIBUTING.md).
"""

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
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
from referral.registrations.corrections.workflow import Status as CorrectionStatus
from referral.sharing.actions import withdraw_consent
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.workflow import State
from tests.factories.cases import case_at, handoff_at, make_registration
from tests.factories.shelters import make_request
from tests.factories.signals import make_signal
from tests.moves import lives
from tests.moves.clock import strike
from tests.moves.deeds import do
from tests.moves.guard import Place, Trail, as_guard, statuses
from tests.moves.inner import BY_ITSELF, CORRECTION, INNER, LIVES, STAY
from tests.moves.inner_deeds import DEEDS
from tests.moves.inner_scene import OF_CASES
from tests.moves.invariants import broken
from tests.moves.lives import Life, as_it_stands
from tests.moves.scene import Scene, make_scene

pytestmark = pytest.mark.walk
WALKS = int(os.environ.get("BAKEN_WALKS", "0"))
#: Looks at a record, which a page may take before the deed.
LOOKS = ("opened", "read", "listed", "looked", "shown", "searched", "found")
#: More kinds of deed than this go through, also in the short walks.
FEWEST = 5
#: Lives by their table, and the tables with their keys.
LIFE_OF = {one.table: one for one in LIVES}
TABLES = [(one.table, one.key) for one in LIVES]
#: What can begin: in the rooms inside by the name of the table.
INSIDE = {one.table: one for one in INNER}
KINDS = ("signal", "registration", "case", "request", "handoff", *INSIDE)
#: What begins further on than the first status of its table.
BEGINS = {CORRECTION: CorrectionStatus.PROPOSED}
#: Goes back to the desk when the reservation of its bed expires.
FOLLOWS = (lives.REQUEST,)
#: So many days ahead the clock strikes: before, at and long after any term.
DAYS = st.sampled_from((0, 1, 2, 4, 8, 15, 31, 70, 400))
#: A record, a deed or a person: which one, of as many as there are by then.
ANY = st.integers(min_value=0, max_value=9999)


def first_of(life: Life) -> Any:
    """Where a record of this life begins."""
    return BEGINS.get(life) or next(iter(life.moves))


class Walk(RuleBasedStateMachine):
    """The steps: begin something, take consent back, let time pass, or do any deed as anybody."""

    scene: Scene
    #: How often each deed went through: a walk in which nothing moves proves nothing.
    moved: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.records: list[tuple[Life, Any]] = []
        for begin in ("signal", "registration", "case", "case", "case", "request", "handoff"):
            self._begin(begin, len(self.records))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def _begin(self, kind: str, which: int) -> None:
        place = self.scene.place
        country = place.country
        if kind == "signal":
            self._add(lives.SIGNAL, make_signal(by=country.officer))
        elif kind == "registration":
            self._add(lives.REGISTRATION, make_registration(country, completed=False))
        elif kind == "case":
            self._add(lives.CASE, case_at(list(CaseStatus)[which % 2], country))
        elif kind in INSIDE and INSIDE[kind] not in OF_CASES:
            self._add(INSIDE[kind], self.scene.rooms.make(INSIDE[kind], first_of(INSIDE[kind])))
        else:
            self._begin_in(self._case(which), kind)

    def _begin_in(self, case: Any, kind: str) -> None:
        """Alice works on it; where she cannot, as with a request that is open, nothing begins."""
        place = self.scene.place
        owned = case.owner_organisation_id == place.alice.organisation_id
        if not owned or case.status != CaseStatus.ACTIVE:
            return
        with suppress(Refused), transaction.atomic():
            if kind == "request":
                self._add(lives.REQUEST, make_request(place, case=case))
            elif kind in INSIDE:
                life = INSIDE[kind]
                self._add(life, self.scene.rooms.make(life, first_of(life), case))
            else:
                offer = handoff_at(HandoffStatus.OFFERED, place.country, case=case)
                self._add(lives.HANDOFF, offer)

    def _add(self, life: Life, record: Any) -> None:
        if (life, record.pk) not in self.records:  # a case has one plan
            self.records.append((life, record.pk))

    def _case(self, which: int) -> Any:
        cases = [pk for life, pk in self.records if life is lives.CASE]
        with as_guard():
            return lives.CASE.model._base_manager.select_related("person").get(
                pk=cases[which % len(cases)]
            )

    @rule(kind=st.sampled_from(KINDS), which=ANY)
    def begins(self, kind: str, which: int) -> None:
        self._begin(kind, which)
        self._all_holds()

    @rule(which=ANY)
    def consent_is_taken_back(self, which: int) -> None:
        alice, case = self.scene.place.alice, self._case(which)
        with acting(alice, purpose="test"):
            given = Consent.objects.visible_to(alice).about(case.person)
            for one in given.filter(state=State.GIVEN, purpose=Purpose.HANDOFF):
                reason = WithdrawalReason(WithdrawalReason.values[0])
                withdraw_consent(one, reason=reason, by=alice, at=timezone.now())
        self._all_holds()

    @rule(which=ANY, what=ANY, who=ANY, theirs=st.booleans())
    def somebody_does(self, which: int, what: int, who: int, *, theirs: bool) -> None:
        """Of a record, half of the time, a deed that the tables allow, by whom they allow it."""
        life, pk = self.records[which % len(self.records)]
        record = as_it_stands(life, pk)
        tries = [
            (deed, one)
            for deed in DEEDS
            if deed.life is life
            for one in self.scene.actors
            if not theirs or deed.goals(record.status, life.sides(record, one))
        ]
        if not tries:
            return
        deed, actor = tries[(what * 131 + who) % len(tries)]
        goals = deed.goals(record.status, life.sides(record, actor))
        before, trail = statuses(TABLES), Trail.now()
        answer = do(deed, record, actor, self.scene.names)
        after = statuses(TABLES)

        moved = {one for one in before if after[one] != before[one]}
        said = (deed.name, actor.role, record.status, answer)
        assert (life.table, pk) not in moved or after[life.table, pk] in goals, said
        assert (life.table, pk) in moved or not moved, said
        for one in moved - {(life.table, pk)}:
            table, _pk = one
            assert after[one] in LIFE_OF[table].moves[before[one]], said
        lines = [one for one in trail.lines_after() if not one[0].endswith(LOOKS)]
        assert bool(lines) == bool(moved), (*said, lines)
        # A bed that is reserved has its line with the placement that comes of it.
        assert sum(about == str(pk) for _action, about in lines) <= 1, (*said, lines)
        assert Trail.now(until=trail.last) == trail
        self.moved[deed.name] += bool(moved)
        self._find(after)
        self._all_holds()

    @rule(days=DAYS)
    def the_clock_strikes(self, days: int) -> None:
        """What only time does; struck again at the same moment it does nothing more."""
        at = timezone.now() + timedelta(days=days)
        before, trail = statuses(TABLES), Trail.now()
        strike(at)
        after = statuses(TABLES)

        moved = {one for one in before if after[one] != before[one]}
        for one in moved:
            life, start = LIFE_OF[one[0]], before[one]
            said = (days, *one, start, after[one])
            assert after[one] in life.moves[start], said
            assert life.movers(start, after[one]) & BY_ITSELF or life in FOLLOWS, said
        written = trail.lines_after()
        assert written or not moved, days
        assert Trail.now(until=trail.last) == trail
        self._all_holds()
        strike(at)
        assert statuses(TABLES) == after, days
        assert trail.lines_after() == written, days
        self.moved["clock"] += bool(moved)
        self._find(after)

    def _find(self, after: dict[Place, str]) -> None:
        """What a deed has made walks on: placements of requests, and the stays of arrivals."""
        known = {(life.table, pk) for life, pk in self.records}
        made = [(LIFE_OF[table], pk) for table, pk in after if (table, pk) not in known]
        self.records += [one for one in made if one[0] in (lives.PLACEMENT, STAY)]

    def _all_holds(self) -> None:
        assert broken() == []
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a request
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def scene(module_db: None) -> Scene:  # noqa: ARG001
    return make_scene()


def test_whatever_happens_what_must_hold_holds(scene: Scene):
    Walk.scene = scene
    chosen = settings(
        max_examples=WALKS or 4,
        stateful_step_count=60 if WALKS else 40,
        derandomize=not WALKS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what breaks is told at once, with every step to it
    )
    run_state_machine_as_test(Walk, settings=chosen)

    assert len(+Walk.moved) > FEWEST
