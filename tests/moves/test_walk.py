"""A walk at random over all tables of moves at once, by everybody; what holds, holds throughout.

A short walk, always the same one, is in the suite. `BAKEN_WALKS=200` makes as many, each one
different from those of the last run (CONTRIBUTING.md).
"""

import os
from collections import Counter
from contextlib import suppress
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
from referral.sharing.actions import withdraw_consent
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.workflow import State
from tests.factories.cases import case_at, handoff_at, make_registration
from tests.factories.shelters import make_request
from tests.factories.signals import make_signal
from tests.moves import lives
from tests.moves.deeds import DEEDS, do
from tests.moves.guard import Trail, as_guard, statuses
from tests.moves.invariants import broken
from tests.moves.lives import LIVES, Life, as_it_stands
from tests.moves.scene import Scene, make_scene

pytestmark = pytest.mark.walk
WALKS = int(os.environ.get("BAKEN_WALKS", "0"))
#: Looks at a record, which a page may take before the deed.
LOOKS = ("opened", "read", "listed", "looked", "shown", "searched", "found")
#: More kinds of deed than this go through, also in the short walks.
FEWEST = 5
#: A record, a deed or a person: which one, of as many as there are by then.
ANY = st.integers(min_value=0, max_value=9999)


class Walk(RuleBasedStateMachine):
    """The steps: begin something, take consent back, or do any deed as anybody."""

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
            else:
                offer = handoff_at(HandoffStatus.OFFERED, place.country, case=case)
                self._add(lives.HANDOFF, offer)

    def _add(self, life: Life, record: Any) -> None:
        self.records.append((life, record.pk))

    def _case(self, which: int) -> Any:
        cases = [pk for life, pk in self.records if life is lives.CASE]
        with as_guard():
            return lives.CASE.model._base_manager.select_related("person").get(
                pk=cases[which % len(cases)]
            )

    @rule(kind=st.sampled_from(("signal", "registration", "case", "request", "handoff")), which=ANY)
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
        before, trail = statuses(one.table for one in LIVES), Trail.now()
        answer = do(deed, record, actor, self.scene.names)
        after = statuses(one.table for one in LIVES)

        moved = {one for one in before if after[one] != before[one]}
        said = (deed.name, actor.role, record.status, answer)
        assert pk not in moved or after[pk][1] in goals, said
        assert pk in moved or not moved, said
        by_table = {one.table: one for one in LIVES}
        for one in moved - {pk}:
            table, start = before[one]
            assert after[one][1] in by_table[table].moves[start], said
        lines = [one for one in trail.lines_after() if not one[0].endswith(LOOKS)]
        assert bool(lines) == bool(moved), (*said, lines)
        # A bed that is reserved has its line with the placement that comes of it.
        assert sum(about == str(pk) for _action, about in lines) <= 1, (*said, lines)
        assert Trail.now(until=trail.last) == trail
        self.moved[deed.name] += bool(moved)
        self._find(after)
        self._all_holds()

    def _find(self, after: dict[Any, tuple[str, str]]) -> None:
        """What a deed has made walks on: placements of requests."""
        by_table = {one.table: one for one in LIVES}
        known = {pk for _life, pk in self.records}
        made = [(by_table[table], pk) for pk, (table, _status) in after.items() if pk not in known]
        self.records += [one for one in made if one[0] is lives.PLACEMENT]

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
        max_examples=WALKS or 6,
        stateful_step_count=60 if WALKS else 40,
        derandomize=not WALKS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what breaks is told at once, with every step to it
    )
    run_state_machine_as_test(Walk, settings=chosen)

    assert len(+Walk.moved) > FEWEST
