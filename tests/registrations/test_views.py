"""The pages: what a reporter and the desk can do, and that others find nothing there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.lib.ids import uuid7
from referral.organisations.roles import Role
from referral.registrations.models import Registration, SignalLink
from referral.registrations.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.registrations import registration_at
from tests.factories.signals import make_signal

pytestmark = pytest.mark.django_db

ANSWERS = {
    "given_names": "Wilhelmina",
    "family_name": "van Zangvogel",
    "birth_date": "23-7-1991",
    "nationality": "PL",
    "sex": "female",
    "forms": ["sexual", "labour"],
    "sector": "hotel",
    "period_from": "03-2024",
    "place_country": "NL",
    "crossing": "crossborder",
    "help_wanted": "no",
}


@pytest.fixture(autouse=True)
def desk():
    return make_member(Role.COM_REGISTRAR)


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


def url(name, registration=None):
    return reverse(f"registrations:{name}", args=[registration.pk] if registration else [])


def seen_by(member, registration):
    with acting(member, purpose="test"):
        return Registration.objects.get(pk=registration.pk)


def test_an_officer_registers_somebody_on_one_page(client, alice):
    sign_in(client, alice)
    assert b"also without consent" in client.get(url("submit")).content
    answer = client.post(url("submit"), ANSWERS | {"idempotency_key": "k1"}, follow=True)
    assert answer.status_code == 200
    assert b"Sent to the national desk as REG-" in answer.content
    assert b"Zangvogel" not in answer.content
    with acting(alice, purpose="test"):
        made = Registration.objects.get()
    assert (made.sector, made.place_country, str(made.period_from)) == ("hotel", "NL", "2024-03-01")

    again = client.post(url("submit"), ANSWERS | {"idempotency_key": "k1"})
    assert again["Location"] == made.get_absolute_url()
    other = client.post(url("submit"), ANSWERS | {"sector": "home", "idempotency_key": "k1"})
    assert b"sent before with other content" in other.content
    with acting(alice, purpose="test"):
        assert Registration.objects.count() == 1


def send_after_a_look(client, answers):
    """As who is shown somebody like this, looks, and says so."""
    answer = client.post(url("submit"), answers)
    looked = re.search(rb'name="looked" id="id_looked" value="(\w+)"', answer.content)
    return (
        client.post(url("submit"), answers | {"looked": looked[1].decode()}) if looked else answer
    )


def test_who_may_be_known_is_shown_before_somebody_new_is_made(client, alice):
    """The own persons with score and reasons; of others only whom to ask."""
    sign_in(client, make_member(Role.LE_KMAR, name="Bob"))
    client.post(url("submit"), ANSWERS)
    sign_in(client, alice)
    asked = client.post(url("submit"), ANSWERS)
    assert asked.status_code == 422
    assert b"Possible match, ask CoMensha." in asked.content
    assert b"PER-" not in asked.content
    assert client.post(url("submit"), ANSWERS | {"looked": "nonsense"}).status_code == 422
    with acting(alice, purpose="test"):
        assert not Registration.objects.exists()
    assert send_after_a_look(client, ANSWERS).status_code == 302
    mine = client.post(url("submit"), ANSWERS | {"sector": "home"})
    assert b"same names, same birth date" in mine.content
    assert b"PER-" in mine.content
    assert send_after_a_look(client, ANSWERS | {"sector": "home"}).status_code == 302
    with acting(alice, purpose="test"):
        assert Registration.objects.count() == 2


def test_a_registration_from_a_signal_is_linked_to_it(client, alice):
    signal = make_signal(by=alice)
    sign_in(client, alice)
    address = f"{url('submit')}?signal={signal.pk}"
    page = client.get(address)
    assert signal.reference.encode() in page.content
    told = page.context["form"].initial  # what the signal says is not asked again
    assert told["forms"] == signal.forms
    assert told["place_municipality"] == signal.municipality_id
    client.post(address, ANSWERS | {"period_until": str(timezone.localdate().year)})
    with acting(alice, purpose="test"):
        assert Registration.objects.get().period_to == timezone.localdate()
        assert SignalLink.objects.get().signal == signal.pk


@pytest.mark.parametrize("asked", ["foreign", "none", "nonsense"])
def test_a_signal_that_one_may_not_see_is_not_there(client, alice, asked):
    signal = make_signal(by=make_member(Role.LE_KMAR))
    value = {"foreign": signal.pk, "none": uuid7(), "nonsense": "x' OR 1=1"}[asked]
    sign_in(client, alice)
    assert client.get(url("submit"), {"signal": value}).status_code == 404


#: Fifteen for the whole of this year, of the age group that holds 16 too.
UNDER_16 = {
    "birth_date": f"01-01-{timezone.localdate().year - 15}",
    "help_wanted": "yes",
    "consent_how": "written",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"birth_date": "31-02-1990"}, b"does not exist"),
        ({"birth_date": ""}, b"Fill this in, or say why you cannot."),
        ({"birth_absent": "unknown"}, b"You filled it in."),
        ({"age_group": "0-11"}, b"does not agree with the birth date"),
        ({"phone": "12"}, b"Write the telephone number with its country"),
        ({"phone": "12", "sex": ""}, b"Write the telephone number with its country"),
        ({"bsn": "123456789"}, b"This is not a citizen service number"),
        ({"v_number": "1"}, b"A V-number has ten digits"),
        ({"help_wanted": "yes"}, b"Say how the person agreed"),
        ({"primary_form": "begging"}, b"The main form must be one of the forms"),
        ({"period_until": "01-01-2020"}, b"The end lies before the beginning"),
        (UNDER_16 | {"consent_given_by": "person"}, b"Under 16 a parent or guardian"),
        ({"secret": "1"}, b"This form does not ask for: secret"),
        ({"given_names": "x" * 200}, b"120"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_question_and_nothing_is_lost(
    client, alice, changes, words
):
    sign_in(client, alice)
    answer = client.post(url("submit"), ANSWERS | changes)
    assert answer.status_code == 422
    assert words in answer.content
    assert b"van Zangvogel" in answer.content
    with acting(alice, purpose="test"):
        assert not Registration.objects.exists()


def test_an_answer_may_be_unknown_refused_or_not_asked(client, alice):
    sign_in(client, alice)
    answers = ANSWERS | {
        "given_names": "", "family_name": "", "name_absent": "refused",
        "birth_date": "", "birth_absent": "not_asked", "age_group": "unknown", "is_minor": "yes",
        "nationality": "unknown", "sector": "not_asked", "crossing": "not_asked",
        "period_from": "", "period_absent": "unknown", "place_country": "not_asked",
    }  # fmt: skip
    answer = client.post(url("submit"), answers, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    with acting(alice, purpose="test"):
        made = Registration.objects.select_related("person").get()
    assert (made.sector, made.crossing, made.period_absent) == ("", "", "unknown")
    assert (made.place_absent, made.person.is_minor) == ("not_asked", True)
    shown = client.post(url("identity", made)).content
    assert b"Did not want to say" in shown
    assert b"Not asked yet" in shown


def test_a_partner_registers_with_consent_and_without_it_not(client):
    ngo = make_member(Role.PARTNER_NGO)
    sign_in(client, ngo)
    page = client.get(url("submit")).content
    assert b"Ask the person" in page
    assert b'name="bsn"' not in page
    assert (
        b"without consent this cannot be registered" in client.post(url("submit"), ANSWERS).content
    )
    agreed = {"consent_how": "written", "consent_given_by": "person", "consent_language": "pl"}
    assert client.post(url("submit"), ANSWERS | agreed).status_code == 302


def test_somebody_known_elsewhere_says_only_to_ask_the_desk(client, alice):
    registration_at(reporter=make_member(Role.LE_KMAR))
    sign_in(client, alice)
    answers = ANSWERS | {"given_names": "Wilhelmina Canary"}
    answer = client.post(url("submit"), answers, follow=True)
    assert b"Possible match, ask CoMensha." in answer.content


def test_lists_and_pages_show_no_name_until_the_identity_is_opened(client, alice):
    one = registration_at(reporter=alice)
    sign_in(client, alice)
    for address in (url("mine"), one.get_absolute_url()):
        assert b"Zangvogel" not in client.get(address).content
    assert client.get(url("identity", one)).status_code == 405
    assert b"van Zangvogel" in client.post(url("identity", one)).content
    with acting(make_member(Role.AUDITOR), purpose="test"):
        actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"registrations_listed", "registration_opened", "identity_opened"} <= actions


def test_the_desk_works_its_queue(client, alice, desk):
    one = registration_at(reporter=alice, signal=uuid7())
    sign_in(client, desk)
    assert one.reference.encode() in client.get(url("queue")).content
    assert one.reference.encode() not in client.get(url("queue"), {"status": "returned"}).content
    assert client.get(url("queue"), {"status": "lost"}).status_code == 404
    page = client.get(one.get_absolute_url()).content
    assert b"Check and register" in page
    assert b"Linked to a signal</dt><dd>Yes" in page

    assert b"Zangvogel" in client.get(url("complete", one)).content
    assert client.post(url("complete", one), {}).status_code == 422
    answers = {"care_needed": "yes", "idempotency_key": "c1"}
    for _ in range(2):  # a second click gives the same answer
        done = client.post(url("complete", one), answers)
        assert done["Location"] == one.get_absolute_url()
    page = client.get(one.get_absolute_url()).content
    assert b"Registered under the national number CM-" in page
    for step in ("complete", "return"):
        assert client.get(url(step, one)).status_code == 404


def test_the_desk_sees_who_may_be_the_same_person(client, alice, desk):
    registration_at(reporter=make_member(Role.LE_KMAR))
    one = registration_at(reporter=alice)
    sign_in(client, desk)
    page = client.get(url("complete", one)).content.decode()
    assert "100 %" in page
    assert "same birth date" in page


def test_what_lacks_something_goes_back_and_comes_again(client, alice, desk):
    one = registration_at(reporter=alice, sector="")
    sign_in(client, desk)
    assert b"This registration still lacks" in client.get(url("complete", one)).content
    for answer in ("no", "yes"):  # a refusal does not use the key up
        answers = {"care_needed": answer, "idempotency_key": "c2"}
        refused = client.post(url("complete", one), answers)
        assert refused.status_code == 422
    assert b"still lacks: Sector" in refused.content
    assert b'value="sector" id="id_missing_4" checked' in client.get(url("return", one)).content
    assert client.post(url("return", one), {}).status_code == 422
    client.post(url("return", one), {"missing": ["sector"], "question": "Welke?"})
    assert seen_by(desk, one).status == Status.RETURNED

    sign_in(client, alice)
    assert b"Welke?" in client.get(one.get_absolute_url()).content
    form = client.get(url("resubmit", one)).context["form"]
    assert form.initial["family_name"] == "van Zangvogel"
    better = ANSWERS | {"version": form.initial["version"]}
    assert client.post(url("resubmit", one), ANSWERS).status_code == 422
    stale = client.post(url("resubmit", one), ANSWERS | {"version": 7})
    assert b"Somebody changed this person" in stale.content
    assert client.post(url("resubmit", one), better).status_code == 302
    assert seen_by(desk, one).status == Status.SUBMITTED
    assert client.get(url("resubmit", one)).status_code == 404


def test_a_reporter_withdraws(client, alice):
    one = registration_at(reporter=alice)
    sign_in(client, alice)
    assert client.get(url("withdraw", one)).status_code == 200
    assert client.post(url("withdraw", one), {}).status_code == 422
    page = client.post(url("withdraw", one), {"reason": "mistake"}, follow=True).content
    assert b"has been withdrawn" in page
    assert client.get(url("withdraw", one)).status_code == 404


EVERY_PAGE = ("registration", "identity", "resubmit", "withdraw", "return", "complete")


@pytest.mark.parametrize(
    "role",
    [Role.MUNI_REPORTER, Role.MUNI_FOCAL, Role.EMM_ANALYST, Role.COM_PLACEMENT, Role.ZC,
     Role.SHELTER_WORKER, Role.NRM_ANALYST, Role.FG, Role.LE_KMAR],
)  # fmt: skip
def test_for_others_there_is_nothing_here(client, alice, role):
    one = registration_at(reporter=alice)
    sign_in(client, make_member(role))
    for name in EVERY_PAGE:
        assert client.get(url(name, one)).status_code in {404, 405}, name
        assert client.post(url(name, one)).status_code in {404, 405}, name
    assert client.get(url("queue")).status_code == 404


def test_a_colleague_finds_nothing_and_the_desk_is_no_reporter(client, alice, desk):
    one = registration_at(reporter=alice)
    sign_in(client, make_member(Role.LE_POLICE, organisation=alice.organisation))
    assert client.get(one.get_absolute_url()).status_code == 404
    sign_in(client, desk)
    for name in ("mine", "submit"):
        assert client.get(url(name)).status_code == 404
    for name in ("resubmit", "withdraw"):
        assert client.get(url(name, one)).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(client):
    assert client.get(url("mine"))["Location"].startswith("/accounts/login")


def test_a_longer_list_asks_no_more_of_the_database(client, alice, desk):
    for member, page in ((alice, "mine"), (desk, "queue")):
        sign_in(client, member)
        counts = []
        for _ in range(3):
            registration_at(reporter=alice)
            client.get(url(page))
            with CaptureQueriesContext(connection) as queries:
                client.get(url(page))
            counts.append(len(queries))
        assert counts[0] == counts[2]


def test_a_date_is_written_as_far_as_it_is_known(client, alice):
    sign_in(client, alice)
    for birth, guess, words in (
        ("07-1991", "", b"July 1991"),
        ("1991", "", b"1991"),
        ("1991", "on", b"about 1991"),
        ("", "", b"between 1986 and 1996"),
    ):
        answers = ANSWERS | {"birth_date": birth, "age_group": "30-39"}
        if not birth:
            year = timezone.localdate().year
            answers |= {"age_from": str(year - 1996), "age_until": str(year - 1986 - 1)}
        if guess:
            answers["birth_estimated"] = guess
        answers["period_until"] = f"{timezone.localdate():%m-%Y}"  # a month that still goes on
        send_after_a_look(client, answers)
        with acting(alice, purpose="test"):
            made = Registration.objects.order_by("pk").last()
        assert made.period_to == timezone.localdate()
        assert words in client.post(url("identity", made)).content
