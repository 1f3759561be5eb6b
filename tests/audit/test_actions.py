"""What is written, by whom, and what the database refuses to believe."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.audit.actions import (
    INSERT,
    Line,
    NotTheActor,
    record,
    record_many,
    recorded_together,
)
from referral.audit.models import AuditEvent
from referral.lib.acting import Actor
from referral.lib.crypto import Unreadable
from referral.organisations.roles import Role
from tests.audit.trail import events
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.ZC)


def test_a_line_says_who_did_what_to_what_and_why(alice):
    at = timezone.now()
    with acting(alice, purpose="care coordination", request_id="r-1", address="192.0.2.7"):
        record(
            "case_opened",
            by=alice,
            at=at,
            on=alice.organisation,
            legal_basis="consent",
            ids=[1, "two"],
            details={"note": "seen"},
            grant="handoff",
            trace_id="t-1",
        )

    [event] = events()
    assert (event.actor_id, event.organisation_id, event.role) == (
        alice.user_id,
        alice.organisation_id,
        "zc",
    )
    assert (event.action, event.result, event.purpose) == (
        "case_opened",
        "done",
        "care coordination",
    )
    assert (event.object_type, event.object_id) == (
        "organisations.organisation",
        str(alice.organisation_id),
    )
    assert (event.ids, event.legal_basis, event.grant_used) == (["1", "two"], "consent", "handoff")
    assert (event.request_id, event.trace_id, event.address) == ("r-1", "t-1", "192.0.2.7")
    assert event.happened_at == at
    assert abs((event.recorded_at - timezone.now()).total_seconds()) < 60
    assert len(bytes(event.row_hash)) == 32
    assert str(event) == f"case_opened on organisations.organisation {alice.organisation_id}"


def test_a_purpose_of_its_own_goes_before_the_actors(alice):
    with acting(alice, purpose="care coordination"):
        record("case_opened", by=alice, at=timezone.now(), purpose="break-glass")

    assert [event.purpose for event in events()] == ["break-glass"]


def test_details_are_not_readable_in_the_database(alice):
    with acting(alice, purpose="test"):
        record("case_opened", by=alice, at=timezone.now(), details={"canary": ["Ceylan", 3]})

    [event] = events()
    assert event.opened_details() == {"canary": ["Ceylan", 3]}
    assert b"Ceylan" not in bytes(event.details)


def test_details_open_only_in_their_own_line_and_with_their_own_key(alice):
    with acting(alice, purpose="test"):
        record("case_opened", by=alice, at=timezone.now(), details={"canary": "Ceylan"})
        record("case_closed", by=alice, at=timezone.now())

    first, second = events()
    assert second.opened_details() == {}
    second.details, second.details_key = first.details, first.details_key
    with pytest.raises(Unreadable):
        second.opened_details()
    first.details_key = "another"
    with pytest.raises(Unreadable, match="no key 'another'"):
        first.opened_details()


def test_nobody_can_write_in_the_name_of_another(alice):
    bob = make_member(Role.ZC)
    forged = Actor(user_id=bob.user_id, organisation_id=bob.organisation_id, role="zc")
    values = [forged.user_id, forged.organisation_id, "zc", "", ""]
    row = json.dumps(
        [
            {
                "happened_at": timezone.now().isoformat(),
                "action": "case_opened",
                "object_type": "",
                "object_id": "",
                "ids": [],
                "result": "done",
                "purpose": "",
                "legal_basis": "",
                "grant_used": "",
                "trace_id": "",
                "details": "",
                "details_key": "",
            }
        ]
    )
    with acting(alice, purpose="test"), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(INSERT, [*values, row])
        cursor.execute(INSERT, [alice.user_id, alice.organisation_id, *values[2:], row])

    assert [event.actor_id for event in events()] == [alice.user_id]


@pytest.mark.parametrize("column", ["recorded_at", "xid", "row_hash"])
def test_what_the_database_stamps_cannot_be_given(column):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(
            f"INSERT INTO audit_auditevent (action, result, happened_at, {column})"  # noqa: S608
            " VALUES ('x', 'done', now(), NULL)"
        )


def test_the_number_of_a_line_cannot_be_given():
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="GENERATED ALWAYS"),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO audit_auditevent (id, action, result, happened_at)"
            " VALUES (1, 'x', 'done', now())"
        )


def test_a_deed_is_recorded_only_of_the_one_who_acts(alice):
    bob = make_member(Role.ZC)
    with pytest.raises(NotTheActor):
        record("case_opened", by=alice, at=timezone.now())
    with acting(bob, purpose="test"), pytest.raises(NotTheActor):
        record("case_opened", by=alice, at=timezone.now())

    assert events() == []


def test_lines_may_each_have_their_own_moment(alice):
    now = timezone.now()
    lines = [Line(action="case_opened", at=now - timedelta(days=1)), Line(action="case_closed")]
    with acting(alice, purpose="test"):
        record_many(lines, by=alice, at=now)

    assert [event.happened_at for event in events()] == [now - timedelta(days=1), now]


def test_a_failed_sign_in_has_no_actor():
    record("sign_in_refused", by=None, at=timezone.now(), result="denied")

    [event] = events()
    assert (event.actor_id, event.organisation_id, event.role) == (None, None, "")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"action": "Case opened for Ceylan"}, "audit_action_is_one_word"),
        ({"result": "maybe"}, "audit_result_is_known"),
    ],
)
def test_free_words_have_no_place_in_a_line(alice, facts, rule):
    with (
        acting(alice, purpose="test"),
        pytest.raises(DatabaseError, match=rule),
        transaction.atomic(),
    ):
        record_many([Line(**{"action": "case_opened", **facts})], by=alice, at=timezone.now())


def test_a_result_may_carry_its_http_status(alice):
    with acting(alice, purpose="test"):
        record("request_refused", by=alice, at=timezone.now(), result="refused 404")

    assert [event.result for event in events()] == ["refused 404"]


def test_only_who_oversees_reads_the_trail(alice):
    with acting(alice, purpose="test"):
        record("case_opened", by=alice, at=timezone.now())
        assert AuditEvent.objects.count() == 0
        assert AuditEvent.objects.visible_to(alice).count() == 0
    assert AuditEvent.objects.count() == 0
    for role in (Role.FG, Role.AUDITOR):
        officer = make_member(role)
        with acting(officer, purpose="test"):
            assert AuditEvent.objects.count() == 1
            assert AuditEvent.objects.visible_to(officer).count() == 1


def test_looks_of_one_page_are_written_together_and_not_at_all_when_it_fails(
    alice, django_assert_num_queries
):
    at = timezone.now()
    with acting(alice, purpose="test"):
        with django_assert_num_queries(1), recorded_together():
            record("cases_listed", by=alice, at=at, ids=[1])
            record("tasks_listed", by=alice, at=at, ids=[2])
        with suppress(ValueError), recorded_together():
            record("case_opened", by=alice, at=at)
            raise ValueError
        record("case_closed", by=alice, at=at)

    said = [(event.action, event.ids) for event in events()]
    assert said == [("cases_listed", ["1"]), ("tasks_listed", ["2"]), ("case_closed", [])]
