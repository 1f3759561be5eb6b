"""The form of each kind of reporter, by page and by system: the same record, the same refusals."""

from typing import Any

import pytest
from django.urls import reverse

from referral.access.context import acting
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from signals.actions import open_signal
from signals.api.shapes import ABSENT, EMPTY_BECAUSE
from signals.models import Signal
from signals.rules import edition_now
from signals.rules.naming import ABSENCES
from tests.clients import FormClient
from tests.factories.clients import make_partner
from tests.factories.people import make_member, sign_in
from tests.signals.api.papers import check, check_problem, paper
from tests.signals.api.test_contract import ON_PAGE, OWN, record

pytestmark = pytest.mark.django_db

SORTS = {
    Role.LE_POLICE: "politie",
    Role.LE_KMAR: "marechaussee",
    Role.LE_NLA: "arbeidsinspectie",
    Role.MUNI_REPORTER: "gemeente",
    Role.PARTNER_NGO: "zorg",
}
#: What a reader is told of two sendings of the same, that differs all the same.
TOLD_OTHERWISE = {"id", "kenmerk", "ontvangen", "kanaal", "_links"}

#: Who reports, what the system sends, and the same as a page sends it.
PROFILES: list[tuple[Role, dict[str, Any], dict[str, Any]]] = [
    (
        Role.LE_POLICE,
        {
            "controle": "kassen_of_tuinbouw",
            "aangetroffen_personen": 14,
            "betrokkenen": [
                {"rol": "slachtoffer", "geslacht": "vrouw", "voornamen": "Alice",
                 "geboren": "1990", "nationaliteit": "RO", "leeg_omdat": "wil_niet_zeggen"},
                {"rol": "verdachte", "geslacht": "onbekend"},
            ],
            "perioden": [
                {"wat": "Werkte daar", "van": "2026-03", "tot_en_met": "2026-10-31",
                 "zekerheid": "ongeveer"},
                {"van": "2025", "leeg_omdat": "onbekend"},
            ],
            "voertuigen": [{"kenteken": "XX-99-YY"}],
            "telefoonnummers": [{"nummer": "06 12345678"}],
        },
        {
            "control": "greenhouse", "control_met": "14", "person-rows": "3",
            "person-1-role": "victim", "person-1-sex": "female", "person-1-given_names": "Alice",
            "person-1-birth": "1990", "person-1-nationality": "RO", "person-1-rest": "refused",
            "person-2-role": "", "person-3-role": "suspect", "person-3-sex": "unknown",
            "period-rows": "2", "period-1-what": "Werkte daar", "period-1-since": "03-2026",
            "period-1-until": "31-10-2026", "period-1-sure": "about",
            "period-2-since": "2025", "period-2-rest": "unknown",
            "vehicle-rows": "1", "vehicle-1-plate": "XX-99-YY",
            "phone-rows": "1", "phone-1-number": "06 12345678",
        },
    ),
    (
        Role.LE_KMAR,
        {"grenscontrole": "ja", "grond_grens": "toegang_geweigerd", "grenspost": "Rotterdam"},
        {"border": "yes", "border_ground": "entry_refused", "border_place": "Rotterdam"},
    ),
    (
        Role.LE_NLA,
        {
            "sector": "land_en_tuinbouw", "werkgever": "Fictief BV", "loon": "ingehouden",
            "huisvesting_door_werkgever": "ja", "bewoners": 9, "leeg_omdat": "onbekend",
            "bedrijven": [{"naam": "Fictief BV", "kvk_nummer": "12345678"}],
            "adressen": [{"rol": "werken", "postcode": "1011 AB", "huisnummer": "12"}],
        },
        {
            "sector": "agriculture", "employer": "Fictief BV", "wages": "held_back",
            "housing": "yes", "housing_people": "9", "rest": "unknown",
            "company-rows": "1", "company-1-company": "Fictief BV", "company-1-kvk": "12345678",
            "place-rows": "1", "place-1-role": "works", "place-1-postcode": "1011 AB",
            "place-1-house_number": "12",
        },
    ),
    (
        Role.MUNI_REPORTER,
        {"waar_gezien": "adresonderzoek", "ingeschreven": 2, "aangetroffen": 11},
        {"desk": "address_visit", "registered": "2", "found": "11"},
    ),
    (
        Role.PARTNER_NGO,
        {
            "toestemming": "ja", "toestemming_gegeven_op": "2026-11-01",
            "betrokkenen": [{"rol": "slachtoffer", "voornamen": "Alice"}],
            "accounts": [{"soort": "iban", "account": "NL91ABNA0417164300"}],
        },
        {
            "consent": "yes", "consent_on": "2026-11-01", "person-rows": "1",
            "person-1-role": "victim", "person-1-given_names": "Alice",
            "account-rows": "1", "account-1-sort": "iban",
            "account-1-account": "NL91ABNA0417164300",
        },
    ),
]  # fmt: skip
#: Who, what the page and the system both refuse, where, and because of what.
REFUSED: list[tuple[Role, dict[str, Any], dict[str, Any], str]] = [
    (Role.LE_POLICE, {"controle": "geen", "aangetroffen_personen": 3},
     {"control": "none", "control_met": "3"}, "aangetroffen_personen"),
    (Role.LE_POLICE, {"controle": "woning"}, {"control": "home"}, "aangetroffen_personen"),
    (Role.LE_POLICE, {"sector": "horeca"}, {"sector": "catering"}, "sector"),
    (Role.LE_NLA, {"sector": "niet_gevraagd"}, {"sector": "not_asked"}, "sector"),
    (Role.MUNI_REPORTER, {"waar_gezien": "adresonderzoek", "aangetroffen": 12345},
     {"desk": "address_visit", "found": "12345"}, "aangetroffen"),
    (Role.LE_POLICE, {"betrokkenen": [{"rol": "slachtoffer"}, {"geslacht": "man"}]},
     {"person-rows": "2", "person-1-role": "victim", "person-2-sex": "male"},
     "betrokkenen/1/rol"),
    (Role.LE_POLICE, {"betrokkenen": [{"rol": "getuige", "geboren": "2099"}]},
     {"person-rows": "1", "person-1-role": "witness", "person-1-birth": "2099"},
     "betrokkenen/0/geboren"),
    (Role.LE_POLICE, {"accounts": [{"soort": "iban", "account": "NL00ABNA0417164300"}]},
     {"account-rows": "1", "account-1-sort": "iban", "account-1-account": "NL00ABNA0417164300"},
     "accounts/0/account"),
    (Role.PARTNER_NGO, {"toestemming": "nee",
                        "betrokkenen": [{"rol": "slachtoffer", "voornamen": "Alice"}]},
     {"consent": "no", "person-rows": "1", "person-1-role": "victim",
      "person-1-given_names": "Alice"}, "betrokkenen/0/voornamen"),
    (Role.PARTNER_NGO, {}, {}, "toestemming"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "sent", "typed"), PROFILES, ids=lambda one: str(one)[:12])
def test_each_profile_makes_the_same_record_by_page_and_by_system(role, sent, typed):
    system = make_partner(role)
    colleague = make_member(role, organisation=system.member.organisation)

    answer = system.send(paper(**sent))
    page = sign_in(FormClient(), colleague).post(reverse("signals:submit"), {**ON_PAGE, **typed})

    check(answer, "/signalen", "post")
    assert (answer.status_code, page.status_code) == (201, 302)
    found = {}
    for member in (system.member, colleague):
        with acting(member, purpose="test"):
            found[member] = record(Signal.objects.get(created_by=member.user_id), member)
    one, other = found.values()
    assert {name for name in one if one[name] != other[name]} == OWN
    assert one["said"].edition == edition_now().number
    told = read_back(system, answer.json()["id"])
    assert told["formulier"] == {"soort": SORTS[role], "versie": one["said"].edition}
    if system.member.may(Permission.SIGNAL_READ_ORGANISATION):
        by_hand = read_back(system, other["id"])
        assert {name for name in told if told[name] != by_hand[name]} == TOLD_OTHERWISE
    for name, said in sent.items():
        if isinstance(said, list):
            assert [without_reasons(row) for row in told[name]] == list(map(without_reasons, said))
        elif name != EMPTY_BECAUSE:
            assert told[name] == said


def read_back(system: Any, pk: Any) -> dict[str, Any]:
    """What the system reads of a signal, which is as the description says."""
    answer = system.get(f"/v1/signalen/{pk}")
    check(answer, "/signalen/{id}", "get")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def without_reasons(row: dict[str, Any]) -> dict[str, Any]:
    """The answers alone: why the others are not there is told of each, and sent once for all."""
    return {
        name: said
        for name, said in row.items()
        if name not in (ABSENT, EMPTY_BECAUSE) and said not in ABSENCES
    }


def test_why_an_answer_is_not_there_is_read_back_of_each():
    system = make_partner(Role.LE_POLICE)
    [person, unknown] = PROFILES[0][1]["betrokkenen"]
    sent = system.send(paper(controle="wil_niet_zeggen", betrokkenen=[person, unknown]))

    told = read_back(system, sent.json()["id"])

    assert told[ABSENT] == {
        "controle": "wil_niet_zeggen", "aangetroffen_personen": "niet_van_toepassing",
    }  # fmt: skip
    assert [row[ABSENT] for row in told["betrokkenen"]] == [
        {"achternaam": "wil_niet_zeggen"},
        dict.fromkeys(("voornamen", "achternaam", "geboren", "nationaliteit"), "niet_gevraagd")
        | {"geslacht": "onbekend"},
    ]
    assert told["voertuigen"] == []


@pytest.mark.parametrize(("role", "sent", "typed", "place"), REFUSED, ids=lambda one: str(one)[:12])
def test_what_is_missing_or_not_asked_is_refused_on_both_sides(role, sent, typed, place):
    system = make_partner(role)
    colleague = make_member(role, organisation=system.member.organisation)

    said = check_problem(system.send(paper(**sent)), 400)
    page = sign_in(FormClient(), colleague).post(reverse("signals:submit"), {**ON_PAGE, **typed})

    [mistake] = said["errors"]
    assert mistake["location"] == {"pointer": f"/{place}"}
    assert page.status_code == 422
    if place != "sector" or role == Role.LE_NLA:  # the page says in other words what it lacks
        assert mistake["detail"] in page.text
    with acting(colleague, purpose="test"):
        assert not Signal.objects.exists()


def test_a_system_sends_names_without_consent_only_when_it_says_so():
    system = make_partner(Role.PARTNER_NGO)
    story = paper(toestemming="nee", feiten="Zij heet Alice en slaapt in de keuken.")

    said = check_problem(system.send(story), 400)
    answer = system.send({**story, "ook_met_namen": True})

    assert "Alice" in said["errors"][0]["detail"]
    assert answer.status_code == 201
    with acting(system.member, purpose="test"):
        opened = open_signal(
            Signal.objects.get(), by=system.member, at=Signal.objects.get().created_at
        )
    assert opened.said.absent["safe_contact"] == "not_applicable"
    assert opened.said.absent["no_consent_why"] == "not_asked"
