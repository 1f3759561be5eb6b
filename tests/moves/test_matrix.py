"""Role, organisation, status and deed: who may is what the tables say, and nobody else.

For each record of each status, each door that moves such a record is tried by everybody. What is
expected comes from the tables of moves and the matrix of roles (tests/moves/lives.py).
"""

from typing import Any

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template

from referral.files.workflow import Status
from referral.organisations.models import Membership
from tests.moves.deeds import Deed, do
from tests.moves.everything import DEEDS, LIVES
from tests.moves.files_deeds import OPENED
from tests.moves.guard import row_of
from tests.moves.inner import BY_ITSELF
from tests.moves.lives import Sides, as_it_stands
from tests.moves.scene import Scene, make_scene, with_every_status

#: Arrows without a door of their own, each with the deed from which it follows.
ELSEWHERE = {
    ("cases_handoff", "draft", "offered"),  # the form of the case, which also begins a handoff
    ("deliberation_pack", "ordered", "ready"),  # a worker makes them for who ordered them
    ("deliberation_proposal", "placed", "decided"),  # the minutes are locked
    ("registrations_registration", "registered", "withdrawn"),  # of a request to withdraw
    ("residence_track", "none", "reflection"),  # the reflection period begins
    ("retention_erasure", "approved", "held"),  # of a hold on a case
    ("retention_erasure", "due", "held"),  # as well
    ("shelters_placementrequest", "offered", "placed"),  # the placement is accepted
    ("shelters_placementrequest", "offered", "submitted"),  # the placement is refused
    ("shelters_placementrequest", "submitted", "placed"),  # the police placed them at night
}


@pytest.fixture(scope="module")
def scene(module_db: None) -> Scene:  # noqa: ARG001
    """Nothing of it is committed: each deed undone would look through what waits for that."""
    scene = with_every_status(make_scene())
    connection.run_on_commit.clear()
    return scene


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are looked at elsewhere; here a refusal is, which needs no page to be drawn."""
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: "")


def tried(deed: Deed, record: Any, who: Membership, scene: Scene) -> tuple[str, tuple[int, str]]:
    """Where it stands after this member has tried, and what the answer was; then undone."""
    with transaction.atomic():
        answer = do(deed, record, who, scene.names)
        status, _mark = row_of(deed.life.table, deed.life.key, record.pk)
        transaction.set_rollback(True)
    return status, answer


def let_against(
    deed: Deed, record: Any, others: list[Membership], scene: Scene
) -> list[tuple[object, ...]]:
    """Who was let though nothing says so: all try in a row, and what stands there stays."""
    before = row_of(deed.life.table, deed.life.key, record.pk)
    with transaction.atomic():
        answers = [
            (who.role, who.organisation.name, *do(deed, record, who, scene.names)) for who in others
        ]
        changed = row_of(deed.life.table, deed.life.key, record.pk) != before
        transaction.set_rollback(True)
    return [one for one in answers if one[2] < 400] or answers if changed else []


def one_of_each(sides_of: dict[Membership, Sides]) -> list[Membership]:
    """Of those who stand on a side: one of each role, on each side, of each organisation."""
    found = {
        (one.role, one.organisation_id, frozenset(sides)): one
        for one, sides in reversed(sides_of.items())
        if sides
    }
    return list(found.values())


@pytest.mark.parametrize("deed", DEEDS, ids=[deed.name for deed in DEEDS])
def test_who_may_is_what_the_tables_say(deed: Deed, scene: Scene):
    """Everybody tries where somebody may; in other statuses one of each role on each side."""
    told: list[object] = []
    everybody_tried = tried_in_vain = False
    for start, pk in scene.records[deed.life].items():
        record = as_it_stands(deed.life, pk)
        sides_of = {one: deed.life.sides(record, one) for one in scene.actors}
        goals_of = {one: deed.goals(start, sides) for one, sides in sides_of.items()}
        leads = any(goals_of.values())
        if tried_in_vain and not leads and deed.of_many:
            continue
        tried_in_vain |= not leads
        come = list(scene.actors)
        if everybody_tried or not leads:
            come = one_of_each(sides_of)
        else:
            everybody_tried = True
        others = [one for one in come if not goals_of[one]]
        told += [(start, *one) for one in let_against(deed, record, others, scene)]
        for who in come:
            if goals_of[who]:
                goal, answer = tried(deed, record, who, scene)
                if goal not in goals_of[who]:
                    told.append((start, who.role, who.organisation.name, goal, *answer))

    assert everybody_tried
    assert told == []


def test_who_opens_a_file_is_who_reads_it_once_it_is_ready(scene: Scene):
    """Everybody tries what is ready; of what is not, who would read it."""
    for look, reads in OPENED.items():
        for status, pk in scene.records[look.life].items():
            file = as_it_stands(look.life, pk)
            readers = {who for who in scene.actors if reads(file, who)}
            with transaction.atomic():
                come = scene.actors if status == Status.READY else readers
                opened = {who for who in come if do(look, file, who, {})[0] == 200}
                transaction.set_rollback(True)
            assert readers, look.name
            assert opened == (readers if status == Status.READY else set()), (look.name, status)


def test_every_arrow_of_a_person_has_a_door():
    """What only the clock does, or what follows from a deed on another record, is named."""
    made = {
        (deed.life.table, start, arrow.goal)
        for deed in DEEDS
        for start in deed.life.moves
        for arrow in deed.arrows
        if arrow.leads(deed.life, start, deed.life.movers(start, arrow.goal))
    }
    drawn = {
        (life.table, start, goal)
        for life in LIVES
        for start, goals in life.moves.items()
        for goal in goals
        if not {side.value for side in life.movers(start, goal)} <= BY_ITSELF
    }

    assert drawn - made == ELSEWHERE
    assert made <= drawn
