"""Where pages of care lead: to another region, back from what cannot be done, to what goes along."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referral.cases.models import Case
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.registrations.withdrawals.actions import accept_withdrawal
from tests.factories.after_registration import make_withdrawal
from tests.factories.cases import case_at, doing, handoff_at
from tests.factories.people import sign_in
from tests.factories.planning import task_of
from tests.factories.referrals import make_lawyer, referral_at
from tests.factories.residence import file_of, registration_of

pytestmark = pytest.mark.django_db
CLOSING = {"reason": "regular_care", "outcome": "safe_supported", "person_informed": "yes"}


@pytest.fixture
def case(country):
    return case_at(CaseStatus.ACTIVE, country)


def url(name, *things):
    return reverse(f"cases:{name}", args=[one.pk for one in things])


def words(answer):
    return answer.content.decode()


def test_the_desk_asks_another_region_until_the_first_accepts(client, country):
    case = case_at(CaseStatus.INTAKE, country)
    address = url("offer_elsewhere", case)
    sign_in(client, country.desk)
    assert address in words(client.get(url("case", case)))
    assert client.post(address, {"care_region": ""}).status_code == 422
    assert client.post(address, {"care_region": country.there.code}).status_code == 302

    sign_in(client, country.alice)
    assert client.get(url("case", case)).status_code == 404
    sign_in(client, country.bob)
    client.post(url("accept", case))
    sign_in(client, country.desk)
    assert client.get(address).url == url("case", case)
    assert client.post(address, {"care_region": country.here.code}).status_code == 422


def test_an_address_that_only_takes_a_form_leads_back(client, country, case):
    sign_in(client, country.alice)
    answer = client.get(url("accept", case))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'href="{url("case", case)}"' in words(answer)


def test_what_is_open_is_said_before_a_case_closes_and_no_form_opens_after(client, country, case):
    task_of(case, by=country.alice)
    sign_in(client, country.alice)
    page = words(client.get(url("close", case)))
    assert 'id="still-open"' in page
    assert f"{url('case', case)}#tasks" in page
    client.post(url("close", case), CLOSING)
    forms = ["write_note", "plan_next_step", "close", "ask_consent", "offer_handoff"]
    forms += ["planning:add_goal", "planning:add_task", "planning:agree_plan"]
    forms += ["planning:assess_risk", "referrals:offer", "tables:call"]
    for form in forms:  # none opens that would only be refused
        assert (form, client.get(url(form, case)).url) == (form, url("case", case))


def test_who_takes_a_case_over_reads_who_alone_can_end_a_referral(client, country):
    lawyer = make_lawyer()
    referral = referral_at(ReferralStatus.OFFERED, country, receiver=lawyer)
    with doing(country.alice):
        case = Case.objects.get(pk=referral.case_id)
    told = f"alleen {country.alice.organisation.name} kan deze intrekken"
    sign_in(client, country.alice)
    assert told not in words(client.get(url("close", case)))
    handoff_at(HandoffStatus.ACCEPTED, country, case=case)
    sign_in(client, country.bob)
    assert told in words(client.get(url("close", case)))


def test_residence_and_withdrawal_lead_to_the_case_for_who_may_open_it(client, country, case):
    registration = registration_of(case)
    file = file_of(registration, officer=country.officer).get_absolute_url()
    withdrawal = make_withdrawal(registration, by=country.officer)
    asked = reverse("registrations:withdrawals:requests", args=[registration.pk])
    of_registration, of_case = registration.get_absolute_url(), case.get_absolute_url()
    for member, page, links in (
        (country.officer, file, {of_registration}),
        (country.alice, file, {of_case}),
        (country.officer, asked, {of_registration}),
        (country.desk, asked, {of_registration, of_case}),
    ):
        sign_in(client, member)
        shown = words(client.get(page))
        found = {link for link in (of_registration, of_case) if f'href="{link}"' in shown}
        assert (page, found) == (page, links)

    # Who sees the case learns that its registration counts no more; a stranger asks in vain.
    told = "telt niet meer mee"
    sign_in(client, country.alice)
    assert told not in words(client.get(of_case))
    with doing(country.desk):
        accept_withdrawal(withdrawal, by=country.desk, at=timezone.now())
    assert told in words(client.get(of_case))
    sign_in(client, country.desk)
    assert told in words(client.get(of_case))
    with doing(country.bob), connection.cursor() as cursor:
        cursor.execute("SELECT baken.case_registration_withdrawn_at(%s)", [case.pk])
        assert cursor.fetchone() == (None,)
