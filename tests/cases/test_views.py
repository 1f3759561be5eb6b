"""The pages: what each side sees, what bad input gives, and that the wrong person finds nothing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.actions import write_care_note
from referral.cases.models import CareNote, Case, Handoff
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.roles import Role
from referral.sharing.models import Consent, Purpose
from tests.factories.cases import (
    FACTS,
    case_at,
    doing,
    give_consent,
    handoff_at,
    make_registration,
)
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db
NAME, SECRET = FACTS.family_name, "Sleeps badly since Tuesday."
HANDOFF = {"reason": "moved", "sections": ["summary", "notes"], "victim_informed": "yes"}
CLOSING = {"reason": "regular_care", "outcome": "safe_supported", "person_informed": "yes"}


@pytest.fixture
def case(country):
    """Alice's active case, with a note."""
    case = case_at(CaseStatus.ACTIVE, country, needs=["shelter"])
    with doing(country.alice):
        write_care_note(case, text=SECRET, by=country.alice, at=timezone.now())
    return case


def url(name, *things):
    return reverse(f"cases:{name}", args=[getattr(one, "pk", one) for one in things])


def words(answer):
    return answer.content.decode()


def actions_in_the_trail():
    with acting(make_member(Role.AUDITOR), purpose="test"):
        return set(AuditEvent.objects.values_list("action", flat=True))


def as_it_is(case, member):
    with doing(member):
        return Case.objects.get(pk=case.pk)


def test_the_desk_offers_a_registered_person_to_the_region_of_the_place(client, country):
    registration = make_registration(country, region=country.there)
    sign_in(client, country.desk)

    assert registration.national_number in words(client.get(url("to_offer")))
    page = client.get(url("offer", registration))
    assert f'value="{country.there.code}" selected' in words(page)

    answers = {"care_region": country.there.code, "priority": "crisis", "needs": ["shelter"]}
    assert client.post(url("offer", registration), answers).status_code == 302
    assert registration.national_number not in words(client.get(url("to_offer")))
    with doing(country.desk):
        case = Case.objects.get(registration=registration)
    assert (case.offered_to, case.needs) == (country.bob.organisation, ["shelter"])
    assert client.get(url("offer", registration)).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"care_region": "CR0000"}, {"priority": "soon"}, {"needs": ["gold"]}, {"owner": "1"}]
)
def test_an_offer_with_a_wrong_answer_comes_back_with_words(client, country, wrong):
    registration = make_registration(country)
    sign_in(client, country.desk)
    answers = {"care_region": country.here.code, "priority": "normal"} | wrong
    answer = client.post(url("offer", registration), answers)
    assert answer.status_code == 422
    assert "error-summary-title" in words(answer)


def test_an_offer_without_consent_says_so_and_offers_nothing(client, country):
    registration = make_registration(country, help_wanted="no")
    sign_in(client, country.desk)
    answers = {"care_region": country.here.code, "priority": "normal"}
    answer = client.post(url("offer", registration), answers)
    assert answer.status_code == 422
    assert "error-summary-title" in words(answer)


def test_before_acceptance_the_region_sees_the_envelope_and_no_more(client, country):
    case = case_at(CaseStatus.INTAKE, country, needs=["shelter"], priority="high")
    sign_in(client, country.alice)

    for page in (words(client.get(url("queue"))), words(client.get(url("case", case)))):
        assert case.reference in page
        assert country.here.name in page
        for hidden in ("PER-", "CM-", NAME, 'id="notes"', country.desk.user.full_name):
            assert hidden not in page
    assert client.post(url("identity", case)).status_code == 404
    assert client.get(url("ask_consent", case)).status_code == 404


def test_a_coordinator_accepts_and_reads_who_it_is_after_asking(client, country):
    case = case_at(CaseStatus.INTAKE, country)
    sign_in(client, country.alice)

    page = words(client.post(url("accept", case), follow=True))
    assert NAME not in page
    for part in ("summary", "identity", "consents", "notes", "handoff", "timeline", "opened"):
        assert f'<section class="stack" id="{part}"' in page
        assert re.search(f'href="[?a-z=]*#{part}"', page)

    assert NAME in words(client.post(url("identity", case)))
    part = words(client.post(url("identity", case), headers={"HX-Request": "true"}))
    assert NAME in part
    assert "<html" not in part
    assert client.get(url("identity", case)).status_code == 405


def test_a_note_is_written_on_the_page_and_sent_twice_it_is_one(client, country, case):
    sign_in(client, country.alice)
    key = {"text": "Slept well.", "idempotency_key": uuid4().hex}
    for _ in range(2):
        page = words(client.post(url("write_note", case), key, follow=True))
    assert page.count("Slept well.") == 1
    assert SECRET in page
    with doing(country.alice):
        assert CareNote.objects.filter(case=case).count() == 2


def test_a_refused_note_comes_back_with_what_was_typed_and_may_be_mended(client, country, case):
    sign_in(client, country.alice)
    key = uuid4().hex
    answer = client.post(url("write_note", case), {"text": "   ", "idempotency_key": key})
    assert answer.status_code == 422
    mended = {"text": "With words.", "idempotency_key": key}
    assert client.post(url("write_note", case), mended).status_code == 302
    reused = {"text": "Other words.", "idempotency_key": key}
    answer = client.post(url("write_note", case), reused)
    assert answer.status_code == 422
    assert "Other words." in words(answer)


def test_a_note_with_markup_is_shown_as_typed(client, country, case):
    sign_in(client, country.alice)
    page = client.post(url("write_note", case), {"text": "<b>not bold</b>"}, follow=True)
    assert "&lt;b&gt;not bold" in words(page)


def test_the_next_step_is_planned(client, country, case):
    sign_in(client, country.alice)
    day = timezone.localdate() + timedelta(days=9)
    assert client.get(url("plan_next_step", case)).status_code == 200
    for written in (f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}"):
        answer = client.post(
            url("plan_next_step", case), {"step": "make_plan", "deadline": written}
        )
        assert answer.status_code == 302
    found = as_it_is(case, country.alice)
    assert (found.next_step, found.next_deadline_on) == ("make_plan", day)
    for deadline in ("31-02-2027", "tomorrow", "01-01-2020", ""):
        wrong = {"step": "make_plan", "deadline": deadline}
        assert client.post(url("plan_next_step", case), wrong).status_code == 422
    wrong = {"step": "accept_case", "deadline": f"{day}"}
    assert client.post(url("plan_next_step", case), wrong).status_code == 422


def test_consent_is_asked_and_the_answer_recorded(client, country, case):
    sign_in(client, country.alice)
    client.post(url("ask_consent", case), {"purpose": Purpose.PLACEMENT})
    with doing(country.alice):
        consent = Consent.objects.get(purpose=Purpose.PLACEMENT)
    page = words(client.get(case.part_url("consents")))
    assert url("answer_consent", case, consent) in page

    said = {"given": "yes", "how": "written", "given_by": "person", "interpreter": "no"}
    wrong = client.post(url("answer_consent", case, consent), said | {"given_by": "neighbour"})
    assert wrong.status_code == 422
    assert client.post(url("answer_consent", case, consent), said).status_code == 302
    with doing(country.alice):
        assert Consent.objects.get(pk=consent.pk).state == "given"
    assert client.post(url("answer_consent", case, consent), said).status_code == 404
    assert client.post(url("ask_consent", case), {"purpose": "registration"}).status_code == 422


def test_a_case_is_handed_over_from_page_to_page(client, country, case):
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    sign_in(client, country.alice)
    assert client.get(url("offer_handoff", case)).status_code == 200
    answers = HANDOFF | {"care_region": country.there.code}
    page = words(client.post(url("offer_handoff", case), answers, follow=True))
    with doing(country.alice):
        handoff = Handoff.objects.get(case=case)
    assert handoff.get_absolute_url() in page
    assert url("offer_handoff", case) not in page

    sign_in(client, country.bob)
    assert handoff.get_absolute_url() in words(client.get(url("queue")))
    assert handoff.get_absolute_url() in words(client.get(url("handoffs")))
    assert client.get(url("case", case)).url == handoff.get_absolute_url()
    page = words(client.get(handoff.get_absolute_url()))
    for hidden in (SECRET, NAME, "PER-"):
        assert hidden not in page
    assert client.post(url("accept_handoff", handoff), {}).status_code == 422
    day = {"warm_meeting_on": f"{timezone.localdate():%d-%m-%Y}"}
    client.post(url("accept_handoff", handoff), day)
    page = words(client.get(case.part_url("notes")))
    assert SECRET in page
    assert url("close", case) in page
    assert "SHA-256" in words(client.get(handoff.get_absolute_url()))


def test_the_old_coordinator_reads_on_and_writes_nothing(client, country):
    handoff = handoff_at(HandoffStatus.ACCEPTED, country)
    case = handoff.case
    sign_in(client, country.alice)

    page = words(client.get(url("case", case) + "?open=all"))
    for deed in ("write_note", "plan_next_step", "offer_handoff", "close", "ask_consent"):
        assert url(deed, case) not in page
    assert country.bob.organisation.name in page
    assert client.post(url("write_note", case), {"text": "Late."}).status_code == 422
    assert client.post(url("close", case), CLOSING).status_code == 422
    assert case.reference in words(client.get(url("list") + "?of=earlier"))
    assert case.reference not in words(client.get(url("list") + "?of=organisation"))
    with doing(country.bob):
        assert not CareNote.objects.filter(case=case).exists()


def test_a_handoff_is_declined_or_withdrawn_with_words(client, country):
    declined, withdrawn = (handoff_at(HandoffStatus.OFFERED, country) for _ in range(2))
    sign_in(client, country.bob)
    assert client.get(url("decline_handoff", declined)).status_code == 200
    assert client.post(url("decline_handoff", declined), {"reason": ""}).status_code == 422
    client.post(url("decline_handoff", declined), {"reason": "capacity"})
    assert client.get(url("handoff", declined)).status_code == 200
    assert client.get(url("handoffs")).status_code == 200

    sign_in(client, country.alice)
    assert url("withdraw_handoff", withdrawn) in words(client.get(url("handoff", withdrawn)))
    client.post(url("withdraw_handoff", withdrawn))
    page = words(client.post(url("withdraw_handoff", withdrawn), follow=True))
    assert 'role="alert"' in page  # the second time it is refused with a sentence
    assert words(client.get(url("handoffs") + "?direction=out")).count("badge") >= 2

    sign_in(client, country.bob)
    page = words(client.post(url("accept_handoff", withdrawn), follow=True))
    assert 'role="alert"' in page
    assert client.post(url("decline_handoff", withdrawn), {"reason": "other"}).status_code == 422


def test_a_case_is_closed_with_a_reason(client, country, case):
    sign_in(client, country.alice)
    assert client.get(url("close", case)).status_code == 200
    assert client.post(url("close", case), CLOSING | {"outcome": ""}).status_code == 422
    page = words(client.post(url("close", case), CLOSING, follow=True))
    assert url("write_note", case) not in page
    assert as_it_is(case, country.alice).status == CaseStatus.CLOSED
    assert case.reference in words(client.get(url("list") + "?status=closed"))
    assert client.post(url("write_note", case), {"text": "Late."}).status_code == 422


def test_the_desk_reads_headers_and_nothing_behind_them(client, country, case):
    waiting = case_at(CaseStatus.INTAKE, country)
    for member in (country.desk, country.placement):
        sign_in(client, member)
        assert waiting.reference in words(client.get(url("list")))
        assert case.reference in words(client.get(url("list") + "?status=active"))
        page = words(client.get(url("case", case) + "?open=all"))
        assert case.reference in page
        for hidden in (SECRET, NAME, 'id="notes"', 'id="identity"', 'id="consents"'):
            assert hidden not in page
        assert client.post(url("identity", case)).status_code == 404
        assert client.post(url("write_note", case), {"text": "No."}).status_code == 404


def test_my_cases_stand_with_the_next_deadline_first(client, country, case):
    later = case_at(CaseStatus.ACTIVE, country, at=timezone.now() - timedelta(minutes=10))
    with doing(country.alice):
        Case.objects.filter(pk=later.pk).update(next_deadline_on=timezone.localdate())
        Case.objects.filter(pk=case.pk).update(
            next_deadline_on=timezone.localdate() + timedelta(days=5)
        )
    sign_in(client, country.alice)
    page = words(client.get(url("list")))
    assert re.findall(r"CASE-\d{4}-\d{6}", page) == [later.reference, case.reference]
    assert "?of=" in page


EVERY_GET = [
    "case", "accept", "identity", "write_note", "plan_next_step", "ask_consent", "offer_handoff",
    "close",
]  # fmt: skip


@pytest.mark.parametrize("name", EVERY_GET)
def test_a_stranger_finds_nothing(client, country, case, name):
    shelter = make_member(Role.SHELTER_WORKER)
    for stranger in (country.bob, country.charlie, country.officer, shelter):
        sign_in(client, stranger)
        for answer in (client.get(url(name, case)), client.post(url(name, case), {})):
            assert answer.status_code in (404, 405)
            assert case.reference not in words(answer)


@pytest.mark.parametrize(
    "name", ["handoff", "accept_handoff", "decline_handoff", "withdraw_handoff"]
)
def test_a_stranger_finds_no_handoff(client, country, name):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    for stranger in (country.charlie, country.desk, country.officer):
        sign_in(client, stranger)
        for answer in (client.get(url(name, handoff)), client.post(url(name, handoff), {})):
            assert answer.status_code in (404, 405)


@pytest.mark.parametrize("name", ["list", "queue", "to_offer", "handoffs"])
def test_lists_are_doors_for_those_who_work_there(client, country, name):
    reach = {"alice": {"list", "queue", "handoffs"}, "desk": {"list", "to_offer"}}
    for who in ("alice", "desk", "officer"):
        sign_in(client, getattr(country, who))
        expected = 200 if name in reach.get(who, set()) else 404
        assert client.get(url(name)).status_code == expected


@pytest.mark.parametrize("name", ["list", "queue", "handoffs"])
def test_a_list_costs_the_same_for_one_and_for_three(client, country, name):
    def grow():
        handoff_at(HandoffStatus.OFFERED, country)
        case_at(CaseStatus.INTAKE, country, region=country.there)
        case_at(CaseStatus.ACTIVE, country, region=country.there, coordinator=country.bob)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url(name))
        return len(queries)

    grow()
    sign_in(client, country.bob)
    client.get(url(name))
    one = cost()
    grow()
    grow()
    assert cost() == one


@pytest.mark.parametrize("name", ["case", "list", "queue"])
def test_what_is_looked_at_most_asks_the_database_little(client, country, case, name):
    """At most 15 statements, of which nine are the house: session, member, context, notices."""
    case_at(CaseStatus.INTAKE, country)
    sign_in(client, country.alice)
    page = url(name, *([case] if name == "case" else []))
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    told = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(told) <= 15, "\n".join(told)


def test_a_folded_part_is_fetched_and_recorded_when_it_is_opened(client, country, case):
    sign_in(client, country.alice)
    page = client.get(url("case", case))
    assert SECRET not in words(page)
    assert 'href="?open=notes#notes"' in words(page)
    assert "care_notes_read" not in actions_in_the_trail()

    for address in ("?open=notes", "?open=all"):
        assert SECRET in words(client.get(url("case", case) + address))
    assert "care_notes_read" in actions_in_the_trail()
    htmx = {"HX-Request": "true"}
    part = words(client.get(url("case", case) + "?open=notes", headers=htmx))
    assert SECRET in part
    assert "<html" not in part
    assert client.get(url("case", case) + "?open=gold", headers=htmx).status_code == 404

    sign_in(client, country.desk)
    assert client.get(url("case", case) + "?open=notes", headers=htmx).status_code == 404
    assert SECRET not in words(client.get(url("case", case) + "?open=all"))
