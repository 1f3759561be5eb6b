"""Rejecting takes two: who proposes it is not who confirms it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import OrganisationType, Role
from signals.actions import (
    confirm_rejection,
    confirm_rejections,
    escalate_overdue,
    give_back_signal,
    judge_signal,
    level_book,
    open_signal,
)
from signals.models import Signal
from signals.rules import (
    MoveRefused,
    SignalRefused,
    clock_due,
    reading_due,
    readings_late,
    share_used,
)
from signals.workflow import Status, Verdict
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

AT = timezone.now()
REMARK = "A canary of a remark: look at the passports."


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


@pytest.fixture
def rita():
    member = make_member(Role.EMM_ANALYST, name="Rita")
    with acting(member, purpose="test"):
        yield member


@pytest.fixture
def proposed(alice, bob):
    return signal_at(Status.SECOND_READING, by=alice, analyst=bob)


def told(kind):
    return raw("SELECT role, user_id FROM notices_notice WHERE kind = %s", kind)


def test_a_proposal_to_reject_is_told_inside_only(client, proposed, alice):
    assert told("signal_to_read") == [("emm_analyst", None)]
    assert told("signal_judged") == []
    page = sign_in(client, alice).get(proposed.get_absolute_url()).text
    assert "In triage" in page
    for words in ("Three facts agree", "second reader", "Proposed", "ot pursued"):
        assert words not in page


def test_a_second_reader_confirms_and_the_reporter_hears(proposed, alice, bob, rita):
    confirm_rejection(proposed, by=rita, at=AT)

    opened = open_signal(proposed, by=rita, at=AT)
    assert (opened.signal.status, opened.signal.outcome) == ("rejected", "rejected")
    assert (opened.judgement.judged_by, opened.motivation) == (bob.user, "Three facts agree.")
    assert opened.readings[0].reading.read_by == rita.user
    assert told("signal_judged") == [("", alice.user_id)]


def test_nobody_confirms_the_own_proposal(proposed, bob):
    with acting(bob, purpose="test"):
        with pytest.raises(MoveRefused, match="A colleague has to read it"):
            confirm_rejection(proposed, by=bob, at=AT)
        with pytest.raises(MoveRefused, match="A colleague has to read it"):
            give_back_signal(proposed, remark=REMARK, by=bob, at=AT)


def test_the_coordinator_who_proposed_for_another_does_not_confirm_either(alice, bob):
    hanna = make_member(Role.EMM_COORDINATOR)
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    with acting(hanna, purpose="test"):
        judge_signal(signal, verdict=Verdict.REJECTED, motivation="x", by=hanna, at=AT)
        with pytest.raises(MoveRefused, match="A colleague"):
            confirm_rejection(signal, by=hanna, at=AT)
    with acting(bob, purpose="test"):
        assert confirm_rejection(signal, by=bob, at=AT).status == Status.REJECTED


def test_a_second_reader_gives_it_back_and_it_can_be_judged_anew(proposed, bob, rita):
    with pytest.raises(SignalRefused, match="why you give it back"):
        give_back_signal(proposed, remark=" ", by=rita, at=AT)
    give_back_signal(proposed, remark=REMARK, by=rita, at=AT)

    assert told("signal_given_back") == [("", bob.user_id)]
    assert told("signal_judged") == []
    with acting(bob, purpose="test"):
        opened = open_signal(proposed, by=bob, at=AT)
        assert (opened.signal.status, opened.readings[0].remark) == ("triage", REMARK)
        judge_signal(proposed, verdict=Verdict.FORWARDED, motivation="Two.", by=bob, at=AT)
        assert open_signal(proposed, by=bob, at=AT).motivation == "Two."


def test_what_nobody_proposed_to_reject_is_not_given_back(alice, bob):
    """From these the signal comes back to triage too, by a deed of its own."""
    for status in (Status.NEEDS_INFO, Status.PARKED, Status.MERGED):
        signal = signal_at(status, by=alice, analyst=bob)
        with acting(bob, purpose="test"), pytest.raises(MoveRefused, match="no longer be done"):
            give_back_signal(signal, remark=REMARK, by=bob, at=AT)


def test_a_second_reading_has_a_term_of_its_own(proposed, bob, rita):
    """Told once when it is over; given back, the clock of triage goes on where it stood."""
    clock, reading = service(Role.SERVICE_SWEEPER), proposed.readings.get()
    proposed.refresh_from_db()
    book = level_book(by=rita)
    due = clock_due(proposed, book, reading)
    over = due + timedelta(minutes=1)

    assert due == reading_due(reading, book.of(proposed)) > reading.proposed_at
    assert share_used(proposed, book, reading, at=over) == 100
    assert (clock_due(proposed, book), share_used(proposed, book, at=over)) == (None, None)
    found = Signal.objects.overdue_in_reading
    assert not found(readings_late(book, at=due - timedelta(hours=2)))
    assert [*found(readings_late(book, at=over))] == [proposed]
    with acting(clock, purpose="test"):
        assert [escalate_overdue(by=clock, at=over) for _ in range(2)] == [1, 0]
    back = give_back_signal(proposed, remark=REMARK, by=rita, at=over)
    assert back.paused == over - reading.proposed_at
    with acting(clock, purpose="test"):
        assert escalate_overdue(by=clock, at=over) == 0
    with acting(bob, purpose="test"):
        judge_signal(back, verdict=Verdict.REJECTED, motivation="x", by=bob, at=over)
    with acting(clock, purpose="test"):
        assert escalate_overdue(by=clock, at=over + timedelta(days=9)) == 1


def test_many_are_confirmed_at_once(alice, bob, rita):
    signals = [signal_at(Status.SECOND_READING, by=alice, analyst=bob) for _ in range(3)]
    done = confirm_rejections(signals, by=rita, at=AT)

    assert [signal.status for signal in done] == [Status.REJECTED] * 3
    assert len(told("signal_judged")) == 3


def test_the_second_reading_is_done_on_a_page(client, proposed, alice, bob, rita):
    here = proposed.get_absolute_url()
    sign_in(client, bob)
    assert "cannot be done" in client.get(f"{here}second-reading/", follow=True).text
    sign_in(client, rita)
    assert "waiting for a second reader" in client.get("/home/").text
    page = client.get(f"{here}second-reading/").text
    assert "Three facts agree" in page
    nothing = client.post(f"{here}second-reading/", {"decision": "give_back"})
    assert (nothing.status_code, "why you give it back" in nothing.text) == (422, True)
    sent = {"decision": "confirm"}
    done = client.post(f"{here}second-reading/", sent, follow=True).text
    assert "Your decision has been recorded" in done
    assert "Confirmed by the second reader" in done
    page = sign_in(client, alice).get(here).text
    assert "Not pursued as trafficking" in page
    assert "Rita" not in page


def test_a_proposal_says_that_a_colleague_reads_it(client, alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    judging = {"verdict": "rejected", "motivation": "Paid well."}
    page = sign_in(client, bob).post(f"{signal.get_absolute_url()}judge/", judging, follow=True)

    assert "A colleague reads it now" in page.text


def test_a_proposal_is_given_back_on_a_page(client, proposed, bob, rita):
    here = proposed.get_absolute_url()
    sent = {"decision": "give_back", "remark": REMARK}
    page = sign_in(client, rita).post(f"{here}second-reading/", sent, follow=True).text

    assert '<span class="badge active">In triage</span>' in page
    assert page.count(REMARK) == 2  # above, for who judges it anew, and in the history
    judging = sign_in(client, bob).get(f"{here}judge/").text
    assert "Given back by the second reader" in judging
    assert REMARK in judging
