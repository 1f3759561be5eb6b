"""The pages: sent once, read with the right eyes, and a foreign signal is not there."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.actions import list_home_signals
from signals.models import Signal
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import FACTS, make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

SUBMIT = "/signals/new/"
ANSWERS = {
    "danger": "no",
    "forms": ["labour", "sexual"],
    "facts": FACTS,
    "municipality": "GM0363",
    "place_kind": "restaurant",
    "observed": "yesterday",
    "n_victims": "2",
    "people": ["girl", "woman"],
}
REPORTERS = (
    Role.LE_POLICE,
    Role.LE_KMAR,
    Role.LE_NLA,
    Role.MUNI_REPORTER,
    Role.MUNI_FOCAL,
    Role.PARTNER_NGO,
)
#: What some must answer beside the eight questions.
OWN = {
    Role.LE_NLA: {"sector": "catering"},
    Role.PARTNER_NGO: {"consent": "yes", "consent_on": "2026-11-01"},
}


def answers(**changes):
    given = {**ANSWERS, "idempotency_key": uuid4().hex, **changes}
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.mark.parametrize("role", REPORTERS)
def test_every_reporter_sends_a_quick_signal_and_gets_a_receipt(client, role):
    sign_in(client, make_member(role))
    page = client.get(SUBMIT)
    assert page.status_code == 200
    assert page.text.index("tel:112") < page.text.index("novalidate")

    receipt = client.post(SUBMIT, answers(**OWN.get(role, {})), follow=True)

    [(reference,)] = raw("SELECT reference FROM signals_signal")
    assert receipt.redirect_chain[0][0].endswith("/receipt/")
    assert reference in receipt.text
    assert "looks at your signal before" in receipt.text
    assert FACTS not in receipt.text


def test_the_quick_signal_asks_at_most_eight_questions(client, alice):
    sign_in(client, alice)
    form = client.get(SUBMIT).context["form"]

    assert len(form.quick_questions()) == 8
    assert [slot.pk for slot in form.own_slots() if slot.field and slot.field.field.required] == []


def test_the_answers_become_codes(client, alice):
    sign_in(client, alice)
    client.post(SUBMIT, answers(danger="yes"))

    with acting(alice, purpose="test"):
        [signal] = Signal.objects.visible_to(alice)
    assert signal.forms == ["sexual", "labour"]
    assert (signal.sex, signal.age_group, signal.n_victims) == ("female", "mixed", 2)
    assert (signal.danger, signal.minors, signal.municipality_id) == (True, True, "GM0363")


@pytest.mark.parametrize(
    ("people", "sex", "age_group"),
    [
        (["girl"], "female", "minor"),
        (["boy", "man"], "male", "mixed"),
        (["girl", "boy"], "mixed", "minor"),
        (["woman", "age_unknown"], "female", "unknown"),
        (["boy", "sex_unknown"], "unknown", "minor"),
        (["age_unknown", "sex_unknown"], "unknown", "unknown"),
    ],
)
def test_who_they_are_is_one_question(client, alice, people, sex, age_group):
    sign_in(client, alice)
    client.post(SUBMIT, answers(people=people))

    assert raw("SELECT sex, age_group FROM signals_signal") == [(sex, age_group)]


def test_danger_shows_112_on_the_receipt_again(client, alice):
    sign_in(client, alice)

    assert "Call" in client.post(SUBMIT, answers(danger="yes"), follow=True).text
    assert "tel:112" not in client.post(SUBMIT, answers(), follow=True).text


def test_a_form_that_is_sent_twice_is_one_signal(client, alice):
    sign_in(client, alice)
    sent = answers()

    assert client.post(SUBMIT, sent).url == client.post(SUBMIT, sent).url
    assert raw("SELECT count(*) FROM signals_signal") == [(1,)]


def test_a_key_with_other_answers_is_refused(client, alice):
    sign_in(client, alice)
    sent = answers()
    client.post(SUBMIT, sent)
    again = client.post(SUBMIT, {**sent, "n_victims": "3"})

    assert again.status_code == 422
    assert "sent before with other content" in again.text
    browser = sign_in(Client(headers={"accept-language": "en"}), alice)
    missing = browser.post(SUBMIT, answers(idempotency_key=None))
    assert (missing.status_code, "This form is not complete." in missing.text) == (422, True)
    assert raw("SELECT count(*) FROM signals_signal") == [(1,)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"danger": None}, "Answer this question"),
        ({"forms": None}, "Answer this question"),
        ({"forms": ["labour", "unknown"]}, "Choose one or the other"),
        ({"forms": ["tax"]}, "Select a valid choice"),
        ({"facts": "  "}, "Answer this question"),
        ({"facts": "x" * 10_001}, "at most 10000 characters"),
        ({"municipality": "GM9999"}, "Select a valid choice"),
        ({"place_kind": ""}, "Answer this question"),
        ({"observed": "soon"}, "Write a day"),
        ({"observed": "31-02-2026"}, "does not exist"),
        ({"observed": "31-12-2199"}, "lies in the future"),
        ({"observed": "1-1-1902"}, "Check the year"),
        ({"n_victims": "0"}, "greater than or equal to 1"),
        ({"n_victims": "1"}, "more than one"),
        ({"people": None}, "Answer this question"),
        ({"status": "closed"}, "does not ask for: status"),
    ],
)
def test_a_mistake_keeps_what_was_typed(client, alice, changes, words):
    sign_in(client, alice)
    page = client.post(SUBMIT, answers(**changes))

    assert page.status_code == 422
    assert words in page.text
    if "facts" not in changes:
        assert FACTS in page.text
    assert raw("SELECT count(*) FROM signals_signal") == [(0,)]


def test_charlie_finds_no_signal_of_alice(client, alice):
    signal = signal_at(Status.TRIAGE, by=alice)
    addresses = [
        reverse(f"signals:{name}", args=[signal.pk])
        for name in ("signal", "receipt", "judge", "take_up", "close")
    ]
    for role in Role:
        if role in (Role.EMM_ANALYST, Role.EMM_COORDINATOR) or role.startswith("service"):
            continue
        sign_in(client, make_member(role))
        for address in addresses:
            assert client.get(address).status_code in (404, 405), (role, address)
            assert client.post(address).status_code in (404, 405), (role, address)


def test_a_signal_that_never_was_reads_like_a_foreign_one(client, alice):
    signal = make_signal(by=alice)
    sign_in(client, make_member(Role.LE_POLICE))
    foreign = client.get(signal.get_absolute_url())
    nowhere = client.get(reverse("signals:signal", args=[uuid4()]))

    assert foreign.status_code == nowhere.status_code == 404
    token = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}")  # of the form, and the address itself
    assert token.sub("", foreign.text) == token.sub("", nowhere.text)


def test_the_reporter_reads_story_and_outcome_and_never_the_reasons(client, alice):
    bob = make_member(Role.EMM_ANALYST, name="Bob the analyst")
    signal = signal_at(Status.FORWARDED, by=alice, analyst=bob)
    page = sign_in(client, alice).get(signal.get_absolute_url())

    assert FACTS in page.text
    assert "Forwarded for investigation" in page.text
    assert "Three facts agree" not in page.text
    assert "Bob the analyst" not in page.text
    assert raw("SELECT count(*) FROM audit_auditevent WHERE action = 'signal_opened'") == [(1,)]


def test_the_expert_centre_reads_the_judgement(client, alice):
    bob = make_member(Role.EMM_ANALYST, name="Bob the analyst")
    signal = signal_at(Status.CLOSED, by=alice, analyst=bob, details={"plate": ["AB-12-CD"]})
    page = sign_in(client, bob).get(signal.get_absolute_url())

    for words in (FACTS, "Three facts agree", "Bob the analyst", "AB-12-CD"):
        assert words in page.text


def test_lists_hold_no_story_and_record_what_they_showed(client, alice):
    signal = make_signal(by=alice)
    page = sign_in(client, alice).get("/signals/")

    assert signal.reference in page.text
    assert FACTS not in page.text
    assert raw("SELECT ids FROM audit_auditevent WHERE action = 'signals_listed'") == [
        ([str(signal.pk)],)
    ]


def test_who_has_no_signals_is_told_what_to_do(client, alice):
    assert "No signals yet" in sign_in(client, alice).get("/signals/").text


def test_an_officer_sees_the_own_and_the_organisations_signals(client, alice):
    own = make_signal(by=alice)
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    other = make_signal(by=colleague)
    sign_in(client, alice)

    mine, ours = client.get("/signals/").text, client.get("/signals/?of=organisation").text
    assert own.reference in mine
    assert other.reference not in mine
    assert own.reference in ours
    assert other.reference in ours


def test_a_focal_officer_has_the_queue_of_the_own_municipality(client):
    town = make_organisation(OrganisationType.MUNICIPALITY)
    here = {"municipality_code": town.municipality_id}
    reported = make_signal(by=make_member(Role.MUNI_REPORTER, organisation=town), **here)
    by_police = make_signal(by=make_member(Role.LE_POLICE), **here)
    page = sign_in(client, make_member(Role.MUNI_FOCAL, organisation=town)).get("/signals/")

    assert reported.reference in page.text
    assert by_police.reference not in page.text


@pytest.mark.parametrize("address", ["/signals/", "/signals/triage/"])
def test_a_list_costs_the_same_for_few_and_many(client, django_assert_max_num_queries, address):
    coordinator = make_member(Role.EMM_COORDINATOR)
    sign_in(client, coordinator)
    client.get(address)

    def queries():
        with django_assert_max_num_queries(25) as counted:
            client.get(address)
        return len(counted)

    make_signal(by=coordinator)
    few = queries()
    for _ in range(3):
        make_signal(by=coordinator)
    assert queries() == few


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


def test_home_shows_each_role_its_own_work(alice, bob):
    town = make_organisation(OrganisationType.MUNICIPALITY)
    here = {"municipality_code": town.municipality_id}
    municipal = make_signal(by=make_member(Role.MUNI_REPORTER, organisation=town), **here)
    own = signal_at(Status.FORWARDED, by=alice)
    urgent = make_signal(by=alice, danger=True)
    focal = make_member(Role.MUNI_FOCAL, organisation=town)

    def home(member):
        with acting(member, purpose="test"):
            section = list_home_signals(by=member, at=timezone.now())
        return section.kind, section.counts, list(section.rows)

    assert home(alice) == ("reporter", {"open": 1, "asked": 0, "judged": 1}, [urgent, own])
    counts = {"waiting": 2, "urgent": 1, "mine": 0, "reading": 0}
    assert home(bob) == ("triage", counts, [urgent, municipal])
    counts = {"open": 1, "asked": 0, "judged": 0}
    assert home(focal) == ("municipality", counts, [municipal])
    assert home(make_member(Role.ZC)) == ("", {}, [])
