"""Two reports of the same are joined, told to nobody with which, and taken apart again."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.actions import merge_signal, open_signal, unmerge_signal
from signals.models import Merging, Signal
from signals.rules import MoveRefused, SignalRefused
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

AT = timezone.now()
REASON = "A canary of a reason: the same blue van."


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    member = make_member(Role.EMM_ANALYST, name="Bob")
    with acting(member, purpose="test"):
        yield member


@pytest.fixture
def signal(alice, bob):
    return signal_at(Status.TRIAGE, by=alice, analyst=bob)


@pytest.fixture
def other(bob):
    return signal_at(Status.TRIAGE, analyst=bob)


def merge(signal, into, by):
    return merge_signal(signal, into=into, reason=REASON, by=by, at=AT)


def told(kind):
    return raw("SELECT user_id FROM notices_notice WHERE kind = %s", kind)


def test_the_expert_centre_sees_the_link_from_both_sides(signal, other, bob):
    merge(signal, other, bob)

    opened = open_signal(signal, by=bob, at=AT)
    assert (opened.signal.status, opened.mergings[0].reason) == ("merged", REASON)
    assert opened.mergings[0].merging.into == other
    assert open_signal(other, by=bob, at=AT).joined == [signal]
    [(sealed,)] = raw("SELECT sealed FROM signals_merging")
    assert b"canary" not in bytes(sealed)


def test_the_reporter_hears_that_and_not_with_which(client, signal, other, alice, bob):
    merge(signal, other, bob)

    assert told("signal_judged") == [(alice.user_id,)]
    page = sign_in(client, alice).get(signal.get_absolute_url()).text
    assert "Joined with another report" in page
    assert other.reference not in page
    assert "canary of a reason" not in page


def test_they_are_taken_apart_again_and_the_history_stays(signal, other, alice, bob):
    merge(signal, other, bob)
    unmerge_signal(signal, by=bob, at=AT)
    with pytest.raises(MoveRefused, match="not joined with another one any more"):
        unmerge_signal(signal, by=bob, at=AT)

    assert told("signal_reopened") == [(alice.user_id,)]
    opened = open_signal(signal, by=bob, at=AT)
    assert (opened.signal.status, opened.signal.outcome) == ("triage", "")
    assert opened.mergings[0].merging.ended_by == bob.user
    assert open_signal(other, by=bob, at=AT).joined == []
    merge(signal, other, bob)
    assert len(open_signal(signal, by=bob, at=AT).mergings) == 2


def test_a_signal_is_not_joined_with_itself_or_in_a_ring(signal, other, bob):
    with pytest.raises(SignalRefused, match="the signal itself"):
        merge(signal, signal, bob)
    merge(signal, other, bob)
    with pytest.raises(SignalRefused, match="joined with another one itself"):
        merge(other, signal, bob)
    third = signal_at(Status.TRIAGE, analyst=bob)
    merge(other, third, bob)
    with pytest.raises(SignalRefused, match="joined with another one itself"):
        merge(third, signal, bob)


def row(signal, into, by):
    return Merging(signal=signal, into=into, sealed=b"", began_at=AT, began_by=by.user)


def test_the_database_refuses_it_as_well(signal, bob):
    with pytest.raises(IntegrityError, match="signal_is_not_merged_into_itself"):
        row(signal, signal, bob).save(force_insert=True)


def test_the_database_refuses_a_ring(signal, other, bob):
    merge(signal, other, bob)
    with pytest.raises(IntegrityError, match="signal_is_merged_into_one_that_stands"):
        row(other, signal, bob).save(force_insert=True)


def test_a_signal_is_joined_by_who_has_it(signal, other):
    colleague = make_member(Role.EMM_ANALYST)
    with acting(colleague, purpose="test"), pytest.raises(MoveRefused, match="is with Bob"):
        merge(signal, other, colleague)


def test_nobody_joins_what_they_do_not_see(signal, other, alice):
    with acting(alice, purpose="test"), pytest.raises(Signal.DoesNotExist):
        merge(signal, other, alice)


def test_it_is_done_on_pages(client, signal, bob):
    other = make_signal()
    here = signal.get_absolute_url()
    sign_in(client, bob)
    nowhere = client.post(f"{here}merge/", {"into": "SIG-1999-000001", "reason": REASON})
    assert (nowhere.status_code, "no signal with this reference" in nowhere.text) == (422, True)
    sent = {"into": f" {other.reference.lower()} ", "reason": REASON}
    page = client.post(f"{here}merge/", sent, follow=True).text
    assert "You have joined this signal" in page
    assert other.get_absolute_url() in page
    assert here in client.get(other.get_absolute_url()).text
    assert "Taken apart" in client.post(f"{here}unmerge/", follow=True).text
