"""The law as a table: each outcome with its basis, its citation and its words."""

import pytest
from django.utils.translation import override

from referral.organisations.roles import OrganisationType as T
from referral.persons.models import AgeGroup
from referral.sharing.matrix.models import Outcome
from referral.sharing.models import Purpose
from referral.sharing.rules import legal_basis_for, representatives, wrong_giver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "outcome", "basis"),
    [
        (T.POLICE_UNIT, Outcome.OBLIGED, "police_decree"),
        (T.KMAR, Outcome.OBLIGED, "police_decree"),
        (T.NLA, Outcome.ALLOWED, "nla_decree"),
        (T.CARE_COORD, Outcome.CONSENT, "consent"),
        (T.NGO, Outcome.CONSENT, "consent"),
        (T.YOUTH, Outcome.CONSENT, "consent"),
        (T.MUNICIPALITY, Outcome.NOT_ALLOWED, ""),
        (T.EMM, Outcome.NOT_ALLOWED, ""),
        (T.OM, Outcome.NOT_ALLOWED, ""),
        (T.RAPPORTEUR, Outcome.NOT_ALLOWED, ""),
        (T.TASKFORCE, Outcome.NOT_ALLOWED, ""),
    ],
)
def test_who_may_register_somebody_and_on_what(kind, outcome, basis):
    ruling = legal_basis_for(kind, Purpose.REGISTRATION)
    assert (ruling.outcome, ruling.basis) == (outcome, basis)


def test_the_wall_stands_in_the_table():
    for kind in (T.POLICE_UNIT, T.KMAR, T.NLA):
        ruling = legal_basis_for(kind, Purpose.HANDOFF)
        assert ruling.outcome == Outcome.NOT_ALLOWED
        assert "Wet politiegegevens" in ruling.citation


def test_of_a_minor_the_words_name_who_represents_them():
    adult = legal_basis_for(T.NGO, Purpose.PLACEMENT, AgeGroup.FROM_30)
    minor = legal_basis_for(T.NGO, Purpose.PLACEMENT, AgeGroup.FROM_12)
    assert adult.words != minor.words
    assert "UAVG art. 5" in minor.citation
    assert representatives(AgeGroup.FROM_30) == ("person",)


def test_who_may_not_answer_at_an_age_is_told_who_may():
    ages = (AgeGroup.UNDER_12, AgeGroup.FROM_12, AgeGroup.FROM_15, AgeGroup.FROM_30)
    with override("en"):
        told = {age: (wrong_giver("person", age), wrong_giver("parent", age)) for age in ages}
        assert wrong_giver("person_and_parent", AgeGroup.UNDER_12).startswith("Under 12")
        assert wrong_giver("person_and_parent", AgeGroup.FROM_12) == ""
    alone, together = "Under 16 a parent or guardian must", "From 12 the person decides too"
    assert [alone in one for one, _ in told.values()] == [True, True, False, False]
    assert [together in other for _, other in told.values()] == [False, True, True, False]
    assert "adult" in told[AgeGroup.FROM_30][1]
    assert told[AgeGroup.UNDER_12][1] == told[AgeGroup.FROM_30][0] == ""
