"""A signal waits for a day, and comes back on it or before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from referral.access.context import acting, service
from referral.organisations.roles import OrganisationType, Role
from signals.actions import bring_back_parked, bring_back_signal, open_signal, park_signal
from signals.rules import MoveRefused, SignalRefused
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
UNTIL = date(2026, 12, 1)
REASON = "A canary of a reason: the raid is on Tuesday."


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


@pytest.fixture
def parked(alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    with acting(bob, purpose="test"):
        return park_signal(signal, reason=REASON, until=UNTIL, by=bob, at=AT).signal


def state(signal):
    return raw("SELECT status, paused FROM signals_signal WHERE id = %s", signal.pk)[0]


def test_only_the_expert_centre_knows_that_and_why_a_signal_is_parked(client, parked, alice, bob):
    with acting(bob, purpose="test"):
        [said] = open_signal(parked, by=bob, at=AT).parkings
    assert (said.reason, said.parking.until) == (REASON, UNTIL)
    [(sealed,)] = raw("SELECT sealed FROM signals_parking")
    assert b"canary" not in bytes(sealed)

    with acting(alice, purpose="test"):
        assert open_signal(parked, by=alice, at=AT).parkings == []
    for address in (parked.get_absolute_url(), "/signals/", "/home/"):
        page = sign_in(client, alice).get(address).text
        assert "In triage" in page
        assert "arked" not in page


def test_on_the_day_it_comes_back_and_the_handler_hears(parked, bob):
    clock = service(Role.SERVICE_SWEEPER)
    with acting(clock, purpose="test"):
        assert bring_back_parked(by=clock, at=datetime(2026, 11, 30, 22, 0, tzinfo=UTC)) == 0
        day = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
        assert bring_back_parked(by=clock, at=day) == 1
        assert bring_back_parked(by=clock, at=day) == 0

    assert state(parked) == ("triage", day - AT)
    assert raw("SELECT user_id FROM notices_notice WHERE kind = 'signal_unparked'") == [
        (bob.user_id,)
    ]


def test_the_handler_brings_it_back_before(parked, bob):
    colleague = make_member(Role.EMM_ANALYST)
    with acting(colleague, purpose="test"), pytest.raises(MoveRefused, match="is with Bob"):
        bring_back_signal(parked, by=colleague, at=AT)
    with acting(bob, purpose="test"):
        bring_back_signal(parked, by=bob, at=AT + timedelta(hours=2))
        with pytest.raises(MoveRefused, match="not parked any more"):
            bring_back_signal(parked, by=bob, at=AT)

    assert state(parked) == ("triage", timedelta(hours=2))


@pytest.mark.parametrize(
    ("until", "words"),
    [(date(2026, 11, 20), "after today"), (date(2028, 1, 1), "at most 366 days")],
)
def test_a_signal_waits_for_a_day_of_the_coming_year(alice, bob, until, words):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    with acting(bob, purpose="test"), pytest.raises(SignalRefused, match=words):
        park_signal(signal, reason=REASON, until=until, by=bob, at=AT)


def test_a_signal_is_parked_and_brought_back_on_pages(client, alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    here = signal.get_absolute_url()
    sign_in(client, bob)
    wrong = client.post(f"{here}park/", {"until": "1-1-2001", "reason": REASON})
    assert (wrong.status_code, "after today" in wrong.text) == (422, True)
    year = datetime.now(tz=UTC).year + 1
    page = client.post(f"{here}park/", {"until": f"2-1-{year}", "reason": REASON}, follow=True)
    if "at most 366 days" in page.text:  # in the first days of a year
        page = client.post(
            f"{here}park/", {"until": f"20-1-{year - 1}", "reason": REASON}, follow=True
        )
    assert "You have parked this signal" in page.text
    assert "Parked until" in page.text
    back = client.post(f"{here}bring-back/", follow=True).text
    assert "back to triage" in back
    assert REASON in back
