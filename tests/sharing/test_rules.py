"""The law as a table: each outcome with its basis, its citation and its words."""

from itertools import product

import pytest

from referral.organisations.roles import OrganisationType as T
from referral.persons.models import AgeGroup
from referral.sharing.models import LegalBasis, Purpose
from referral.sharing.rules import RULINGS, Outcome, legal_basis_for, representatives


def test_every_question_has_an_answer_with_citation_and_words():
    for kind, purpose, age_group in product(T, Purpose, AgeGroup):
        ruling = legal_basis_for(kind, purpose, age_group)
        assert ruling.citation
        assert str(ruling.words)
        assert (ruling.basis in LegalBasis.values) == (ruling.outcome != Outcome.NOT_ALLOWED)
        assert ruling.needs_consent == (ruling.basis == LegalBasis.CONSENT)


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


def test_nobody_hands_a_case_over_or_places_anyone_without_consent():
    for (_kind, purpose), ruling in RULINGS.items():
        if purpose != Purpose.REGISTRATION:
            assert ruling.outcome in {Outcome.CONSENT, Outcome.NOT_ALLOWED}


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
