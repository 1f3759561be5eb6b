"""Requests to partners: asked, answered, taken over, declined, reminded of, and too late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from referral.access.context import acting, service
from referral.lib.refusals import Refused
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from signals.enrichment.actions import (
    answer_request,
    ask_partner,
    escalate_requests,
    open_enrichments,
    open_partner_request,
    remind_partners,
    take_over_answer,
    withdraw_request,
)
from signals.enrichment.models import FlowBasis, PartnerRequest
from signals.enrichment.workflow import REQUEST_MOVES, RequestStatus
from signals.workflow import Status
from tests.factories.enrichment import ANSWER, QUESTION, make_asking, make_finding, request_at
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import FACTS, signal_at

pytestmark = pytest.mark.django_db
#: A Friday; after it come Easter and, in the week after, working days.
AT = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def partner():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_NLA, name="Nina the inspector")


def notices():
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        return set(Notice.objects.values_list("kind", "role"))


def test_a_partner_reads_question_purpose_and_chosen_facts_and_nothing_else(partner, client):
    asked = request_at(RequestStatus.ASKED, partner=partner, at=AT)

    assert asked.due_on == date(2026, 4, 20)  # ten working days, and Easter Monday is none
    with acting(partner, purpose="test"):
        opened = open_partner_request(asked, by=partner, at=AT)
        assert opened.question == QUESTION
        assert [label for label, _value in opened.facts] == ["Wat er gebeurt", "Waar"]
    page = sign_in(client, partner).get(asked.get_absolute_url()).content.decode()
    assert QUESTION in page
    assert FACTS not in page
    assert asked.signal.reference not in page
    assert QUESTION not in sign_in(client, make_member(Role.LE_NLA)).get(
        asked.get_absolute_url()
    ).content.decode()  # fmt: skip


def test_an_answer_is_taken_over_as_a_finding_and_then_stands_there_alone(partner):
    analyst = make_member(Role.EMM_ANALYST)
    asked = request_at(RequestStatus.ANSWERED, partner=partner, analyst=analyst)
    with acting(analyst, purpose="test"):
        finding = make_finding(text=open_partner_request(asked, by=analyst, at=AT).answer)
        taken = take_over_answer(asked, finding, by=analyst, at=AT)
        [opened] = open_enrichments(taken.signal, by=analyst, at=AT)
        assert opened.last.text == ANSWER
        assert PartnerRequest.objects.get().answer is None
        with pytest.raises(Refused, match="Taken over"):
            take_over_answer(asked, finding, by=analyst, at=AT)
    assert ("partner_answered", "") in notices()


def test_who_cannot_be_asked_and_what_cannot_be_shared_is_refused(partner):
    analyst, shelter = make_member(Role.EMM_ANALYST), make_member(Role.SHELTER_MANAGER)
    signal = signal_at(Status.TRIAGE, analyst=analyst)
    order = FlowBasis.objects.get(code="wpg_16")
    with acting(analyst, purpose="test"):
        for changes, sentence in (
            ({"organisation": shelter.organisation}, "cannot be asked"),
            ({"basis": order}, "does not reach"),
            ({"facts": ["facts"]}, "from the list"),
            ({"working_days": 0}, "between 1 and 30"),
            ({"question": " "}, "your question"),
        ):
            with pytest.raises(Refused, match=sentence):
                ask_partner(signal, make_asking(partner, **changes), by=analyst, at=AT)


def test_a_partner_is_reminded_once_and_then_the_coordinator_hears_once(partner):
    request_at(RequestStatus.ASKED, partner=partner, at=AT)
    day = timedelta(days=1)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:

        def round_at(at):
            return remind_partners(by=sweeper, at=at), escalate_requests(by=sweeper, at=at)

        due = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)
        assert round_at(due - 5 * day) == (0, 0)  # Wednesday: three working days are left
        assert round_at(due - 4 * day) == (1, 0)
        assert round_at(due) == (0, 0)
        assert round_at(due + day) == (0, 1)
        assert round_at(due + 9 * day) == (0, 0)
    told = {("partner_overdue", "emm_coordinator"), ("partner_late", "le_nla")}
    assert notices() >= {*told, ("partner_asked", "le_nla"), ("partner_reminded", "le_nla")}


def test_each_side_makes_its_own_moves_and_the_database_knows_no_others(partner):
    analyst = make_member(Role.EMM_ANALYST)
    asked = request_at(RequestStatus.ASKED, partner=partner, analyst=analyst)
    stranger = make_member(Role.LE_NLA)
    with acting(partner, purpose="test"), pytest.raises(Refused):
        withdraw_request(asked, by=partner, at=AT)
    with acting(stranger, purpose="test"), pytest.raises(PartnerRequest.DoesNotExist):
        answer_request(asked, answer="Yes.", by=stranger, at=AT)
    signal = asked.signal
    for status in RequestStatus:
        found = request_at(status, partner=partner, analyst=analyst, signal=signal)
        with acting(analyst, purpose="test"), connection.cursor() as cursor:
            for to in set(RequestStatus) - {status} - set(REQUEST_MOVES[status]):
                with (
                    pytest.raises(IntegrityError, match="partner_request_moves_along_the_table"),
                    transaction.atomic(),
                ):
                    cursor.execute(
                        "UPDATE enrichment_partnerrequest SET status = %s WHERE id = %s",
                        [to, found.pk],
                    )
            with (
                pytest.raises(DatabaseError, match="keeps_what_was_asked"),
                transaction.atomic(),
            ):
                PartnerRequest.objects.filter(pk=found.pk).update(sealed=b"other")


BROKEN = {
    "partner_request_status_is_known": {"status": "lost", "ended_at": AT, "ended_by": 1},
    "partner_request_has_a_deadline_after_it_was_asked": {"due_on": date(2020, 1, 1)},
    "partner_request_holds_its_answer_until_it_is_dealt_with": {"answer": b"x"},
    "partner_request_answered_has_time_and_name": {"answered_at": AT},
    "partner_request_ended_has_time_and_name": {"ended_at": AT},
    "partner_request_declined_says_why": {"refusal": b"x"},
}


def test_the_database_keeps_each_sentence(partner):
    asked = request_at(RequestStatus.ASKED, partner=partner)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE enrichment_partnerrequest DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
    for name, values in BROKEN.items():
        if "ended_by" in values:
            values["ended_by"] = partner.user
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PartnerRequest.objects.filter(pk=asked.pk).update(**values)


def test_the_whole_way_on_its_pages(partner, client):
    analyst = make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.TRIAGE, analyst=analyst)
    asking = make_asking(partner)
    sign_in(client, analyst)
    client.post(
        reverse("signals:enrichment:ask", args=[signal.pk]),
        {
            "organisation": asking.organisation.pk, "basis": asking.basis.pk, "facts": ["place"],
            "purpose": asking.purpose, "question": QUESTION, "working_days": "5",
        },
    )  # fmt: skip
    with acting(partner, purpose="test"):
        asked = PartnerRequest.objects.get()
    sign_in(client, partner)
    assert "Requests to us" in client.get(reverse("home")).content.decode()
    client.post(reverse("signals:enrichment:answer", args=[asked.pk]), {"answer": ANSWER})
    assert ANSWER in client.get(asked.get_absolute_url()).content.decode()
    sign_in(client, analyst)
    form = client.get(reverse("signals:enrichment:take_over", args=[asked.pk])).content.decode()
    assert ANSWER in form
    client.post(reverse("signals:enrichment:set_aside", args=[asked.pk]))
    assert "no longer stand here" in client.get(asked.get_absolute_url()).content.decode()
