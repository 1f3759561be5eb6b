"""The pages of a deepened signal: asked, sent once, read by form, and not there for strangers."""

from datetime import date
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from referral.access.context import acting
from referral.organisations.roles import OrganisationType, Role
from signals.actions import open_signal
from signals.views.pages import would_help
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import make_signal, signal_at
from tests.signals.test_deepening import FACTS, NOW, THOUGHT, deepen, lines_of
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    """Bob, a police officer who sits at the browser; nobody acts beside him."""
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Bob")


def sent(**answers):
    return {"after": "0", "idempotency_key": uuid4().hex, **answers}


def test_a_reporter_adds_what_they_know_from_the_receipt_on(client, bob):
    signal = make_signal(by=bob, n_victims=None)
    address = f"{signal.get_absolute_url()}deepen/"
    sign_in(client, bob)
    assert address in client.get(signal.get_receipt_url()).text
    assert address in client.get(signal.get_absolute_url()).text

    page = client.get(address).text
    assert "Nothing ticked never means that somebody is safe" in page
    assert "How many people there are" in page  # what would help
    assert "Extreme hours, no rest day" in page
    assert "Lover-boy pattern" not in page

    added = {"A01-1": "seen", "C03-1": "not_seen", "facts": FACTS, "interpretation": THOUGHT}
    form = sent(**added)
    after = client.post(address, form, follow=True).text
    assert "Looked for, not seen" in after
    assert all(words in after for words in (FACTS, THOUGHT, "1 urgent indicator"))

    again = client.get(address).text  # what was added stands in the form
    assert FACTS in again
    assert '<option value="not_seen" selected>' in again
    client.post(address, form)  # sent again: once
    unchanged = client.post(address, sent(**added | {"after": "1"}))
    assert unchanged.status_code == 422
    assert "You changed nothing" in unchanged.text
    assert raw("SELECT count(*) FROM signals_deepening") == [(1,)]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"B02-1": "seen"}, "Indicator B02 does not fit this signal."),
        ({"A01-9": "seen"}, "The words of indicator A01 have changed."),
        ({"Z99-1": "seen"}, "There is no indicator Z99."),
        ({"A01-1": "dreamt"}, "dreamt is not one of the available choices"),
        ({"status": "closed"}, "This form does not ask for: status."),
        ({}, "Answer a question"),
        ({"facts": "Kept words.", "after": "4"}, "A colleague added to this signal meanwhile"),
    ],
)
def test_a_form_with_more_or_less_comes_back_with_words(client, bob, answers, words):
    signal = make_signal(by=bob)
    sign_in(client, bob)
    answer = client.post(f"{signal.get_absolute_url()}deepen/", sent(**answers))

    assert answer.status_code == 422
    assert words in answer.text
    assert answers.get("facts", "") in answer.text
    assert raw("SELECT count(*) FROM signals_deepening") == [(0,)]


def test_a_judged_signal_shows_no_way_in(client, bob):
    signal = signal_at(Status.FORWARDED, by=bob)
    sign_in(client, bob)
    assert "/deepen/" not in client.get(signal.get_absolute_url()).text
    answer = client.get(f"{signal.get_absolute_url()}deepen/", follow=True)
    assert "You cannot add to this signal now." in answer.text


def test_the_expert_centre_reads_it_by_form_with_its_source_and_a_stranger_nothing(client, bob):
    signal = make_signal(by=bob)
    with acting(bob, purpose="test"):
        deepen(signal, "C01", "A05", "C91", by=bob, knowledge="told_by_others", facts=FACTS)
        deepen(signal, "C01", by=bob, after=1, knowledge="file", facts="Less.")
    analyst, charlie = make_member(Role.EMM_ANALYST), make_member(Role.LE_POLICE)

    sign_in(client, analyst)
    page = client.get(signal.get_absolute_url()).text
    for words in ("Labour exploitation", "Told by others", "From a file", "What speaks against it"):
        assert words in page
    assert "Revision 1" in page
    assert "/deepen/" not in page
    queue = client.get("/signals/triage/").text
    assert "1 strong indicator" in queue

    sign_in(client, charlie)
    assert client.get(signal.get_absolute_url()).status_code == 404
    assert client.get(f"{signal.get_absolute_url()}deepen/").status_code == 404


def test_each_look_at_the_form_is_a_line_in_the_trail(client, bob):
    signal = make_signal(by=bob)
    sign_in(client, bob)
    client.get(f"{signal.get_absolute_url()}deepen/")
    assert lines_of("signal_opened") == 1


def test_the_hints_fall_away_as_they_are_answered(alice):
    bare = make_signal(
        by=alice, n_victims=None, sex="unknown", age_group="unknown", observed=None,
        forms=["unknown"], place_kind="unknown",
    )  # fmt: skip
    assert len(would_help(open_signal(bare, by=alice, at=NOW))) == 8
    full = make_signal(by=alice, observed=DateRange(date(2026, 1, 1), date(2026, 1, 2)))
    deepen(full, "C01", by=alice, interpretation=THOUGHT)
    assert would_help(open_signal(full, by=alice, at=NOW)) == []
