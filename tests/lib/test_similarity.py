import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.lib.similarity import jaro, jaro_winkler, likeness


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    # Winkler's own examples.
    [("martha", "marhta", 0.9611), ("dwayne", "duane", 0.84), ("dixon", "dicksonx", 0.8133)],
)
def test_published_examples_come_out_as_published(a, b, wanted):
    assert jaro_winkler(a, b) == pytest.approx(wanted, abs=0.0001)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_the_same_both_ways_and_between_0_and_1(a, b):
    assert 0 <= jaro(a, b) <= 1
    assert jaro(a, b) == pytest.approx(jaro(b, a))
    assert (jaro(a, b) == 1) == (a == b)


def test_a_name_too_many_costs_less_than_another_name():
    whole = likeness(["ana", "maria", "kowalska"], ["maria", "kowalska"])
    other = likeness(["ana", "kowalska"], ["xenia", "kowalska"])
    assert 1 > whole > other > 0
    assert likeness([], ["ana"]) == 0
    assert likeness(["ana", "kowalska"], ["kowalska", "ana"]) == 1
