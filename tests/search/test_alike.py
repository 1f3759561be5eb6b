"""Misspelled Dutch words and names are found, others are not; a person decides."""

import pytest

from referral.lib.names import fold
from referral.organisations.roles import Role
from signals.search.actions.blinding import tokens
from signals.search.rules import near_ones
from tests.factories.people import make_member
from tests.factories.signals import make_signal

#: As people write what they heard, and as it should be: spelling, sound, a letter too many, one
#: too few, another one, and two the wrong way round. Our own list.
PAIRS = [
    ("restorant", "restaurant"), ("resaurant", "restaurant"), ("aspergus", "asperges"),
    ("aardbijen", "aardbeien"), ("prostitusie", "prostitutie"), ("telefon", "telefoon"),
    ("paspoord", "paspoort"), ("champinjons", "champignons"), ("massagesalonn", "massagesalon"),
    ("Jansen", "Janssen"), ("Kowalsky", "Kowalski"), ("Mohamed", "Mohammed"),
    ("Yusuf", "Yousef"), ("Rodrigez", "Rodriguez"), ("Szczepanski", "Sczepanski"),
    ("Wojtek", "Woijtek"), ("Bulgaars", "Bulgars"), ("uitzendburo", "uitzendbureau"),
    ("uitbiuting", "uitbuiting"), ("sloopbedrijf", "sloobedrijf"),
]  # fmt: skip
STRANGERS = [
    ("restaurant", "rekening"), ("Janssen", "Jaspers"), ("telefoon", "televisie"),
    ("paspoort", "postbode"), ("woning", "winkel"), ("vrouw", "vrijheid"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "told"), PAIRS)
def test_two_spellings_share_a_sound_and_are_near(asked, told):
    assert tokens(asked) & tokens(told)
    assert list(near_ones(asked, {"heel": "heel", told: fold(told)})) == [told]


@pytest.mark.parametrize(("asked", "told"), STRANGERS)
def test_other_words_are_not_near(asked, told):
    assert near_ones(asked, {told: fold(told)}) == {}


@pytest.mark.django_db
def test_a_misspelled_question_finds_what_is_near_and_marks_it(index, search):
    near = make_signal(facts="Kowalski heeft hun paspoorten, boven het restaurant.")
    nearer = make_signal(facts="Kowalsky werkt in het restaurant.")
    make_signal(facts="Koolvis op de rekening.")
    index()
    analyst = make_member(Role.EMM_ANALYST)

    assert search(analyst, "Kovalsky restorant").count == 0
    found = search(analyst, "Kovalsky restorant", alike=True)

    assert [hit.signal for hit in found.hits] == [nearer, near]
    assert (found.count, found.more) == (2, False)
    assert "<mark>Kowalsky</mark>" in found.hits[0].snippet
    assert "<mark>restaurant</mark>" in found.hits[1].snippet
    assert search(make_member(Role.LE_POLICE), "Kovalsky", alike=True).count == 0
