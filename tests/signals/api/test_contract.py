"""A signal from a partner's system is the same record as one from the page, field by field."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import open_signal
from signals.api import words
from signals.api.shapes import MORE, QUESTIONS
from signals.forms import SignalForm
from signals.forms.signal import PEOPLE, QUICK
from signals.models import AgeGroup, Channel, Exploitation, PlaceKind, Sex, Signal, WorldRegion
from signals.workflow import INSIDE, Outcome, Status
from tests.clients import FormClient
from tests.factories.people import make_member, sign_in
from tests.signals.api.papers import check, check_problem, paper

pytestmark = pytest.mark.django_db

#: What differs between two sendings of anything, and how it came in.
OWN = {"id", "reference", "created_by", "created_at", "channel"}
ON_PAGE = {
    "danger": "no",
    "forms": ["labour"],
    "facts": "Een kanarie slaapt achter de keuken.",
    "municipality": "GM0363",
    "place_kind": "restaurant",
    "observed": "19-11-2026",
    "n_victims": "2",
    "people": ["woman"],
}
#: The same in JSON and on the page.
PAIRS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"acuutGevaar": True}, {"danger": "yes"}),
    (
        {"vormen": ["criminele_uitbuiting", "seksuele_uitbuiting"]},
        {"forms": ["criminal", "sexual"]},
    ),
    ({"vormen": ["onbekend"], "soortPlek": "onbekend"}, {"forms": ["unknown"], "place_kind": "unknown"}),
    ({"waargenomen": "2026-10"}, {"observed": "10-2026"}),
    ({"waargenomen": "2025"}, {"observed": "2025"}),
    ({"aantalSlachtoffers": None}, {"n_victims": ""}),
    ({"aantalSlachtoffers": "leave out"}, {"n_victims": ""}),
    ({"personen": ["meisje", "man"]}, {"people": ["girl", "man"]}),
    ({"personen": ["vrouw", "leeftijd_onbekend"]}, {"people": ["woman", "age_unknown"]}),
    (
        {"personen": ["geslacht_onbekend"], "aantalSlachtoffers": 1},
        {"people": ["sex_unknown"], "n_victims": "1"},
    ),
    ({"feiten": "  Één <b>zin</b> \n en \u200f nog één 🙂 "}, {"facts": "  Één <b>zin</b> \n en \u200f nog één 🙂 "}),
    ({"feiten": "x" * 10_000, "gemeente": "GM0599"}, {"facts": "x" * 10_000, "municipality": "GM0599"}),
]  # fmt: skip


def record(signal: Signal, member: Any) -> dict[str, Any]:
    """Every field of the row, and what lies sealed."""
    with acting(member, purpose="test"):
        opened = open_signal(signal, by=member, at=signal.created_at)
    fields = {f.name: getattr(opened.signal, f.name) for f in signal._meta.concrete_fields}
    items = [(one.item.kind, one.item.role, one.item.sex, one.entry) for one in opened.items]
    told = {"facts": opened.facts, "details": opened.details, "said": opened.said, "items": items}
    return {**fields, **told}


@pytest.mark.parametrize(("sent", "typed"), PAIRS)
def test_the_same_answers_make_the_same_record(alice, sent, typed):
    colleague = make_member(Role.LE_POLICE, organisation=alice.member.organisation)

    answer = alice.send(paper(**sent))
    page = sign_in(FormClient(), colleague).post(reverse("signals:submit"), {**ON_PAGE, **typed})

    check(answer, "/signalen", "post")
    assert (answer.status_code, page.status_code) == (201, 302)
    with acting(colleague, purpose="test"):
        by_system = Signal.objects.get(created_by=alice.member.user_id)
        by_hand = Signal.objects.get(created_by=colleague.user_id)
    one, other = record(by_system, colleague), record(by_hand, colleague)
    assert {name for name in one if one[name] != other[name]} == OWN
    assert one["channel"] == Channel.PARTNER_SYSTEM


#: What the page refuses, the system hears too, in the same words.
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("vormen", {"vormen": ["onbekend", "arbeidsuitbuiting"]}, {"forms": ["unknown", "labour"]}),
    ("vormen", {"vormen": "leave out"}, {"forms": []}),
    ("feiten", {"feiten": "   "}, {"facts": "   "}),
    ("feiten", {"feiten": "x" * 10_001}, {"facts": "x" * 10_001}),
    ("feiten", {"feiten": "nul\0"}, {"facts": "nul\0"}),
    ("gemeente", {"gemeente": "GM9999"}, {"municipality": "GM9999"}),
    ("gemeente", {"gemeente": ""}, {"municipality": ""}),
    ("waargenomen", {"waargenomen": "2099-01-01"}, {"observed": "01-01-2099"}),
    ("waargenomen", {"waargenomen": "1950"}, {"observed": "1950"}),
    ("waargenomen", {"waargenomen": "2026-02-30"}, {"observed": "30-02-2026"}),
    ("aantalSlachtoffers", {"aantalSlachtoffers": 1000}, {"n_victims": "1000"}),
    ("aantalSlachtoffers", {"personen": ["vrouw", "man"], "aantalSlachtoffers": 1}, {"people": ["woman", "man"], "n_victims": "1"}),
    ("personen", {"personen": []}, {"people": []}),
    ("acuutGevaar", {"acuutGevaar": "leave out"}, {"danger": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("place", "sent", "typed"), REFUSED)
def test_what_the_page_refuses_a_system_hears_in_the_same_words(alice, place, sent, typed):
    colleague = make_member(Role.LE_POLICE, organisation=alice.member.organisation)
    asked = next(question.asks for question in QUESTIONS if question.name == place)

    said = check_problem(alice.send(paper(**sent)), 400)
    page = sign_in(Client(), colleague).post(reverse("signals:submit"), {**ON_PAGE, **typed})

    [mistake] = said["errors"]
    assert mistake["location"] == {"pointer": f"/{place}"}
    assert mistake["detail"] == " ".join(page.context["form"].errors[asked])
    with acting(colleague, purpose="test"):
        assert not Signal.objects.exists()


@pytest.mark.parametrize(
    "known",
    [
        (words.FORMS, Exploitation.values),
        (words.PLACE_KINDS, PlaceKind.values),
        (words.PEOPLE, [code for code, _label in PEOPLE]),
        (words.SEXES, Sex.values),
        (words.AGE_GROUPS, AgeGroup.values),
        (words.CHANNELS, Channel.values),
        (words.WORLD_REGIONS, WorldRegion.values),
        (words.STATUSES, [status for status in Status if status not in INSIDE]),
        (words.OUTCOMES, Outcome.values),
    ],
)
def test_every_code_has_one_dutch_word(known):
    translated, codes = known

    assert sorted(translated.values()) == sorted(codes)


def test_every_question_of_the_page_has_one_name():
    form = SignalForm(member=make_member(Role.LE_POLICE))

    assert {question.asks for question in QUESTIONS} == set(QUICK)
    for question in (*QUESTIONS, *MORE):
        assert form.fields[question.asks].required == question.required
