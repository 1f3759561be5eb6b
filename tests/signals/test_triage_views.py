"""The expert centre's pages: the queue, and what is done from it."""

import csv
import html
import io
import re

import pytest

from referral.organisations.roles import OrganisationType, Role
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import FACTS, make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


def test_the_queue_stands_by_urgency_and_says_why(client, alice, bob):
    old = make_signal(by=alice)
    minor = make_signal(by=alice, age_group="minor")
    danger = make_signal(by=alice, danger=True)
    taken = signal_at(Status.TRIAGE, by=alice)
    page = sign_in(client, bob).get("/signals/triage/").text

    assert page.index(danger.reference) < page.index(minor.reference) < page.index(old.reference)
    assert "Acute danger" in page
    assert "A minor" in page
    assert taken.reference not in page


EVERYTHING = {
    "waiting", "abroad", "mine", "theirs", "asked", "parked", "proposed", "judged", "closed"
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", {"waiting", "abroad"}),
        ("?status=mine", {"mine"}),
        ("?status=triage", {"mine", "theirs"}),
        ("?status=needs_info", {"asked"}),
        ("?status=parked", {"parked"}),
        ("?status=second_reading", {"proposed"}),
        ("?status=judged", {"judged"}),
        ("?status=closed", {"closed"}),
        ("?status=all", EVERYTHING),
        ("?form=sexual", {"waiting"}),
        ("?region=VR13", {"waiting"}),
        ("?region=abroad", {"abroad"}),
        ("?region=VR01", set()),
        ("?status=nonsense", {"waiting", "abroad"}),
    ],
)
def test_the_queue_is_filtered(client, alice, bob, question, found):
    abroad = {"municipality_code": "", "channel": "international", "world_region": "asia"}
    signals = {
        "waiting": make_signal(by=alice, forms=["sexual"]),
        "abroad": make_signal(by=alice, **abroad),
        "mine": signal_at(Status.TRIAGE, by=alice, analyst=bob),
        "theirs": signal_at(Status.TRIAGE, by=alice),
        "asked": signal_at(Status.NEEDS_INFO, by=alice),
        "parked": signal_at(Status.PARKED, by=alice),
        "proposed": signal_at(Status.SECOND_READING, by=alice),
        "judged": signal_at(Status.MONITORED, by=alice),
        "closed": signal_at(Status.CLOSED, by=alice),
    }
    page = sign_in(client, bob).get(f"/signals/triage/{question}").text

    assert {name for name, signal in signals.items() if signal.reference in page} == found


def test_the_queue_goes_out_as_a_file_with_what_the_page_shows(client, alice, bob):
    minor = make_signal(by=alice, age_group="minor", forms=["sexual", "labour"])
    danger = make_signal(by=alice, danger=True)
    theirs = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    sign_in(client, bob)

    def rows(question):
        page = client.get(f"/signals/triage/{question}")
        address = re.search(r'href="(/signals/triage/csv/[^"]*)"', page.text)[1]
        file = client.get(html.unescape(address))
        assert file["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))

    first, second = rows("")
    assert (first["Signal"], second["Signal"]) == (danger.reference, minor.reference)
    assert second["Urgency"] == "A minor"
    assert second["What happens"] == "Sexual exploitation, Labour exploitation"
    assert second["Where"] == minor.municipality.name
    assert second["Reported by"] == alice.organisation.name
    assert first["Term"] > first["Received"]
    assert [row["Signal"] for row in rows("?form=sexual&page=2")] == [minor.reference]
    assert [(row["Signal"], row["Taken up by"]) for row in rows("?status=mine")] == [
        (theirs.reference, "Bob")
    ]
    exports = "SELECT actor_id FROM audit_auditevent WHERE action = 'signals_exported'"
    assert raw(exports) == [(bob.user_id,)] * 3


def test_htmx_gets_the_table_alone(client, bob):
    sign_in(client, bob)

    assert "<html" not in client.get("/signals/triage/", headers={"hx-request": "true"}).text
    whole = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<html" in client.get("/signals/triage/", headers=whole).text


def test_an_analyst_takes_up_judges_and_closes(client, alice, bob):
    signal = make_signal(by=alice)
    sign_in(client, bob)
    here = signal.get_absolute_url()

    taken = client.post(f"{here}take-up/", {"idempotency_key": "1"}, follow=True)
    assert "You have taken up this signal" in taken.text
    missing = client.post(f"{here}judge/", {"verdict": "rejected", "motivation": " "})
    assert missing.status_code == 422
    assert FACTS in missing.text
    judging = {"verdict": "monitored", "motivation": "Paid well.", "idempotency_key": "2"}
    assert "You have judged" in client.post(f"{here}judge/", judging, follow=True).text
    assert "You have judged" not in client.post(f"{here}judge/", judging, follow=True).text
    closed = client.post(f"{here}close/", follow=True)
    assert "You have closed this signal" in closed.text
    assert raw("SELECT status, outcome FROM signals_signal") == [("closed", "monitored")]


def test_who_comes_second_gets_a_sentence(client, alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=make_member(Role.EMM_ANALYST, name="Carol"))
    sign_in(client, bob)
    here = signal.get_absolute_url()

    assert "Carol has already taken up" in client.post(f"{here}take-up/", follow=True).text
    assert "cannot be done with this signal now" in client.get(f"{here}judge/", follow=True).text
    judging = {"verdict": "rejected", "motivation": "x"}
    assert "is with Carol" in client.post(f"{here}judge/", judging, follow=True).text
