"""Ordered rules: more knowledge never moves a signal down, and the database says the same."""

from dataclasses import replace
from itertools import product

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from referral.organisations.roles import Role
from signals.models import Signal
from signals.urgency import RULES, SEVERAL, Known, Level, level_of, reasons_for
from tests.factories.people import make_member
from tests.factories.signals import make_signal

counts = st.integers(0, 12)
things_known = st.builds(
    Known,
    danger=st.booleans(),
    minors=st.booleans(),
    departs=st.booleans(),
    urgent=counts,
    strong=counts,
)


@given(known=things_known, more=things_known)
def test_more_knowledge_never_lowers_the_urgency(known, more):
    after = Known(
        danger=known.danger or more.danger,
        minors=known.minors or more.minors,
        departs=known.departs or more.departs,
        urgent=known.urgent + more.urgent,
        strong=known.strong + more.strong,
    )

    assert level_of(after) <= level_of(known)
    assert len(reasons_for(after)) >= len(reasons_for(known))


@given(known=things_known)
def test_one_more_indicator_never_lowers_the_urgency(known):
    for name in ("urgent", "strong"):
        one_more = replace(known, **{name: getattr(known, name) + 1})
        assert level_of(one_more) <= level_of(known)


@given(known=things_known)
def test_the_same_is_always_said_of_the_same(known):
    assert level_of(known) == level_of(replace(known))
    assert reasons_for(known) == reasons_for(replace(known))
    assert (level_of(known) == Level.REST) == (not reasons_for(known))


@pytest.mark.parametrize(
    ("known", "level"),
    [
        (Known(danger=True, minors=True), Level.MINOR_IN_DANGER),
        (Known(urgent=1, minors=True), Level.MINOR_IN_DANGER),
        (Known(danger=True), Level.DANGER),
        (Known(departs=True), Level.DANGER),
        (Known(urgent=1), Level.DANGER),
        (Known(minors=True, strong=9), Level.MINOR),
        (Known(strong=SEVERAL), Level.SEVERAL_STRONG),
        (Known(strong=SEVERAL - 1), Level.SOME_STRONG),
        (Known(), Level.REST),
    ],
)
def test_the_rules_in_examples(known, level):
    assert level_of(known) == level


def test_every_level_has_one_rule_and_is_reached():
    every = [
        Known(danger=danger, minors=minors, departs=departs, urgent=urgent, strong=strong)
        for danger, minors, departs in product([False, True], repeat=3)
        for urgent, strong in product([0, 1], [0, 1, SEVERAL])
    ]

    assert [level for level, _holds in RULES] == list(Level)
    assert {level_of(known) for known in every} == set(Level)


@pytest.mark.django_db
def test_the_database_sorts_by_the_same_rules():
    """Every combination that the rules tell apart, put into one row by its owner."""
    signal = make_signal(by=make_member(Role.LE_POLICE))
    differ = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_guard")
        for danger, departs in product([False, True], repeat=2):
            for age, urgent, strong in product(
                ["minor", "mixed", "adult", "unknown"], [0, 1], range(5)
            ):
                cursor.execute(
                    "UPDATE signals_signal SET danger = %s, departs = %s, age_group = %s,"
                    " urgent_indicators = %s, strong_indicators = %s",
                    [danger, departs, age, urgent, strong],
                )
                row = Signal.objects.get(pk=signal.pk)
                if row.urgency != level_of(row.known):
                    differ.append((row.known, row.urgency))
        cursor.execute("SET LOCAL ROLE baken_web")

    assert differ == []
