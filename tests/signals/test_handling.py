"""A page that is out of date decides nothing, and a colleague takes a signal over."""

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.actions import hand_over_signal, take_up_signal
from signals.models import Signal
from signals.rules import MoveRefused, SignalRefused
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

AT = timezone.now()


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


@pytest.fixture
def hanna():
    return make_member(Role.EMM_COORDINATOR, name="Hanna")


@pytest.fixture
def signal(alice, bob):
    return signal_at(Status.TRIAGE, by=alice, analyst=bob)


def version_of(signal):
    return raw("SELECT version, changed_by_id FROM signals_signal WHERE id = %s", signal.pk)[0]


def test_the_database_counts_each_change_and_says_whose_it_was(alice, bob):
    signal = make_signal(by=alice)
    assert version_of(signal) == (1, None)
    with acting(bob, purpose="test"):
        take_up_signal(signal, by=bob, at=AT)
        assert version_of(signal) == (2, bob.user_id)
        Signal.objects.filter(pk=signal.pk).update(version=1, changed_by=alice.user)
        assert version_of(signal) == (3, bob.user_id)


DEEDS = [
    ("judge/", {"verdict": "forwarded", "motivation": "A kestrel."}),
    ("ask/", {"question": "A kestrel?"}),
    ("park/", {"until": "1-1-2100", "reason": "A kestrel."}),
    ("close/", {}),
    ("bring-back/", {}),
]


@pytest.mark.parametrize(("deed", "answers"), DEEDS)
def test_a_page_that_is_out_of_date_decides_nothing(client, signal, bob, hanna, deed, answers):
    seen = version_of(signal)[0]
    with acting(hanna, purpose="test"):
        hand_over_signal(signal, to=hanna, by=hanna, at=AT)
        hand_over_signal(signal, to=bob, by=hanna, at=AT)
    before = version_of(signal)
    address = f"{signal.get_absolute_url()}{deed}"
    page = sign_in(client, bob).post(address, {**answers, "version": str(seen)}, follow=True).text

    assert "Hanna has changed signal" in page
    assert "it is now “In triage”" in page
    assert all("kestrel" not in word or word in page for word in answers.values())  # typed, kept
    assert version_of(signal) == before


@pytest.mark.parametrize("version", ["", "one", "-1", "²", "9" * 5000])
def test_what_is_no_version_is_of_no_page(client, signal, bob, version):
    before = version_of(signal)
    address = f"{signal.get_absolute_url()}close/"
    page = sign_in(client, bob).post(address, {"version": version}, follow=True)

    assert page.status_code == 200
    assert "has changed signal" in page.text
    assert version_of(signal) == before


def test_a_reporter_who_makes_up_a_version_answers_all_the_same(client):
    alice = make_member(Role.LE_POLICE)
    signal = signal_at(Status.NEEDS_INFO, by=alice)
    address = f"{signal.get_absolute_url()}answer/"
    page = sign_in(client, alice).post(address, {"answer": "Blue.", "version": "7"}, follow=True)

    assert page.status_code == 200
    assert raw("SELECT status FROM signals_signal WHERE id = %s", signal.pk) == [("triage",)]


def test_every_form_of_the_desk_says_what_it_showed(client, signal, bob):
    here, hidden = signal.get_absolute_url(), f'name="version" value="{version_of(signal)[0]}"'
    sign_in(client, bob)
    for deed in ("judge/", "ask/", "park/", "merge/", "hand-over/"):
        assert hidden in client.get(f"{here}{deed}").text, deed
    waiting = make_signal()
    assert 'name="version" value="1"' in client.get("/signals/triage/").text
    assert 'name="version" value="1"' in client.get(waiting.get_absolute_url()).text


def test_a_form_that_comes_again_keeps_the_version_it_was_filled_in_for(client, signal, bob):
    page = sign_in(client, bob).post(
        f"{signal.get_absolute_url()}ask/", {"question": " ", "version": "1"}
    )

    assert 'name="version" value="1"' in page.text


def test_a_colleague_gets_the_signal_and_hears_of_it(signal, bob, hanna):
    with acting(bob, purpose="test"):
        assert hand_over_signal(signal, to=hanna, by=bob, at=AT).taken_up_by == hanna.user

    kind = "signal_handed_over"
    assert raw("SELECT user_id FROM notices_notice WHERE kind = %s", kind) == [(hanna.user_id,)]
    assert raw("SELECT actor_id FROM audit_auditevent WHERE action = %s", kind) == [(bob.user_id,)]


def test_only_the_handler_and_the_coordinator_hand_over(signal, bob, hanna, alice):
    colleague = make_member(Role.EMM_ANALYST)
    with acting(colleague, purpose="test"), pytest.raises(MoveRefused, match="is with Bob"):
        hand_over_signal(signal, to=colleague, by=colleague, at=AT)
    with acting(hanna, purpose="test"):
        with pytest.raises(SignalRefused, match="does not work on signals"):
            hand_over_signal(signal, to=alice, by=hanna, at=AT)
        with pytest.raises(SignalRefused, match="has the signal already"):
            hand_over_signal(signal, to=bob, by=hanna, at=AT)
        with pytest.raises(MoveRefused, match="is now “Received”"):
            hand_over_signal(make_signal(by=alice), to=bob, by=hanna, at=AT)


def test_a_signal_is_handed_over_on_a_page(client, signal, bob, hanna):
    sign_in(client, bob)
    here = signal.get_absolute_url()
    wrong = client.post(f"{here}hand-over/", {"to": "999999"})
    assert wrong.status_code == 422
    page = client.post(f"{here}hand-over/", {"to": str(hanna.pk)}, follow=True).text

    assert "Your colleague has this signal now" in page
    assert "hand-over" not in page
