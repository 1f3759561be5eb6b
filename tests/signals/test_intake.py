"""A signal comes in whole: written, sealed, recorded and told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.forms.models import model_to_dict

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.geography.models import Municipality
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from signals.actions import open_signal, submit_signal, submit_signals
from signals.models import Signal, SignalNarrative
from signals.rules import SignalRefused
from tests.factories.people import make_member, make_organisation
from tests.factories.signals import AT, FACTS, make_draft

pytestmark = pytest.mark.django_db


def raw(query, *values):
    """What the tables hold, past the policies of the reader's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(query, values)
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL ROLE baken_web")
    return rows


def test_a_signal_gets_a_reference_of_its_year(alice):
    first = submit_signal(make_draft(), by=alice, at=AT)
    draft = make_draft(observed=None)
    second = submit_signal(draft, by=alice, at=datetime(2025, 1, 1, tzinfo=UTC))

    assert first.reference.startswith("SIG-2026-")
    assert second.reference.startswith("SIG-2025-")
    assert int(second.reference[9:]) == int(first.reference[9:]) + 1


def test_the_year_of_a_reference_is_that_of_amsterdam(alice):
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    draft = make_draft(observed=None)

    assert submit_signal(draft, by=alice, at=new_year).reference.startswith("SIG-2026-")


def test_what_was_answered_stands_in_codes(alice):
    signal = submit_signal(
        make_draft(forms=["labour", "sexual", "labour"], danger=True, age_group="minor"),
        by=alice,
        at=AT,
    )
    signal.refresh_from_db()

    assert signal.forms == ["sexual", "labour"]
    assert (signal.minors, signal.urgency) == (True, 0)
    assert signal.reporter_type == OrganisationType.POLICE_UNIT
    assert signal.municipality.name == "Amsterdam"
    assert signal.observed == DateRange(date(2026, 11, 19), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("danger", "age_group", "urgency"),
    [(True, "mixed", 0), (True, "adult", 1), (False, "minor", 2), (False, "unknown", 5)],
)
def test_danger_and_minors_come_first(alice, danger, age_group, urgency):
    draft = make_draft(danger=danger, age_group=age_group)

    assert submit_signal(draft, by=alice, at=AT).urgency == urgency


def test_the_story_lies_sealed_and_opens_for_its_reporter(alice):
    signal = submit_signal(make_draft(details={"plate": ["AB-12-CD"]}), by=alice, at=AT)

    [(sealed,)] = raw("SELECT sealed FROM signals_signalnarrative")
    assert b"canary" not in bytes(sealed)
    assert b"AB-12-CD" not in bytes(sealed)
    opened = open_signal(signal, by=alice, at=AT)
    assert opened.facts == FACTS
    assert opened.details == {"plate": ["AB-12-CD"]}


def test_a_signal_stands_in_the_trail_and_before_the_expert_centre(alice):
    signal = submit_signal(make_draft(danger=True), by=alice, at=AT)

    assert raw(
        "SELECT action, actor_id FROM audit_auditevent WHERE object_id = %s", str(signal.pk)
    ) == [("signal_submitted", alice.user_id), ("signal_called", alice.user_id)]
    page = f"/signals/{signal.pk}/"
    assert raw("SELECT kind, role, urgent, url FROM notices_notice ORDER BY id") == [
        ("signal_received", "emm_analyst", True, page),
        ("signal_danger", "emm_coordinator", True, page),
    ]


def test_the_focal_officer_hears_of_a_colleagues_signal_about_the_own_municipality():
    municipality = make_organisation(OrganisationType.MUNICIPALITY)
    bob = make_member(Role.MUNI_REPORTER, organisation=municipality)
    with acting(bob, purpose="test"):
        here = make_draft(municipality_code=municipality.municipality_id)
        submit_signals([here, make_draft(municipality_code="GM0034")], by=bob, at=AT)

    assert raw("SELECT role, organisation_id FROM notices_notice") == [
        ("muni_focal", municipality.pk)
    ]


def test_the_expert_centre_is_not_told_of_its_own_signals():
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        submit_signal(make_draft(), by=analyst, at=AT)

    assert raw("SELECT count(*) FROM notices_notice") == [(0,)]


def test_who_does_not_report_signals_may_not():
    charlie = make_member(Role.ZC)
    with acting(charlie, purpose="test"), pytest.raises(PermissionDenied):
        submit_signal(make_draft(), by=charlie, at=AT)


def test_one_bad_draft_leaves_nothing_of_the_others(alice):
    with pytest.raises(SignalRefused) as refusal:
        submit_signals([make_draft(), make_draft(forms=[])], by=alice, at=AT)

    assert refusal.value.index == 1
    assert list(refusal.value.reasons) == ["forms"]
    assert raw(
        "SELECT (SELECT count(*) FROM signals_signal), (SELECT count(*) FROM"
        " signals_signalnarrative), (SELECT count(*) FROM access_datakey),"
        " (SELECT count(*) FROM notices_notice)"
    ) == [(0, 0, 0, 0)]


def test_many_at_once_are_the_same_as_one_by_one(alice):
    drafts = [make_draft(n_victims=number, observed=None) for number in (1, 2, 3)]
    moments = [AT, AT - timedelta(days=2), AT]
    together = submit_signals(drafts, by=alice, at=moments)
    apart = [
        submit_signal(draft, by=alice, at=at) for draft, at in zip(drafts, moments, strict=True)
    ]

    def said(signal):
        row = model_to_dict(signal, exclude=["reference"])
        opened = open_signal(signal, by=alice, at=AT)
        return row, signal.created_at, opened.facts, opened.details

    assert list(map(said, together)) == list(map(said, apart))
    lines = raw(
        "SELECT object_id, happened_at FROM audit_auditevent WHERE action = 'signal_submitted'"
    )
    assert dict(lines) == {str(s.pk): s.created_at for s in [*together, *apart]}
    assert raw("SELECT count(*), count(DISTINCT posted_at) FROM notices_notice") == [(6, 2)]


def test_a_thousand_signals_cost_a_few_statements(alice, django_assert_max_num_queries):
    drafts = [make_draft()] * 1000
    with django_assert_max_num_queries(12):
        submit_signals(drafts, by=alice, at=AT)


def test_moments_and_drafts_come_in_equal_numbers(alice):
    with pytest.raises(ValueError, match="2 deeds need 2 moments, not 1"):
        submit_signals([make_draft(), make_draft()], by=alice, at=[AT])


def test_a_moved_story_does_not_open(alice):
    one = submit_signal(make_draft(), by=alice, at=AT)
    other = submit_signal(make_draft(), by=alice, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "UPDATE signals_signalnarrative SET sealed = other.sealed, key_id = other.key_id"
            " FROM signals_signalnarrative AS other"
            " WHERE signals_signalnarrative.signal_id = %s AND other.signal_id = %s",
            [one.pk, other.pk],
        )
        cursor.execute("SET LOCAL ROLE baken_web")

    with pytest.raises(Exception, match="not readable"):
        open_signal(one, by=alice, at=AT)


def test_a_municipality_that_does_not_exist_is_refused(alice):
    assert not Municipality.objects.filter(pk="GM9999").exists()
    with pytest.raises(SignalRefused) as refusal:
        submit_signal(make_draft(municipality_code="GM9999"), by=alice, at=AT)

    assert list(refusal.value.reasons) == ["municipality"]
    assert Signal.objects.count() == SignalNarrative.objects.count() == 0
    assert not AuditEvent.objects.filter(action="signal_submitted").exists()
    assert Notice.objects.count() == 0
