"""Two locks on signals: each shows the right rows alone, with the other one switched off."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from referral.access.context import acting, service
from referral.organisations.roles import SERVICES, OrganisationType, Role
from signals.models import (
    Amendment,
    Escalation,
    ImportBatch,
    Item,
    ItemKey,
    Judgement,
    Merging,
    Offshoot,
    Parking,
    Question,
    ReceiverFeedback,
    SecondReading,
    Signal,
    SignalNarrative,
    Withdrawal,
)
from signals.workflow import Status, Verdict
from tests.factories.people import make_member, make_organisation
from tests.factories.signals import ROWS, make_signal, said, signal_at

pytestmark = pytest.mark.django_db

MODELS = (
    Signal,
    SignalNarrative,
    Judgement,
    ImportBatch,
    Question,
    Parking,
    Merging,
    SecondReading,
    ReceiverFeedback,
    Escalation,
    Item,
    ItemKey,
    Amendment,
    Withdrawal,
    Offshoot,
)
PEOPLE = [role for role in Role if role not in SERVICES]
TABLES = [model._meta.db_table for model in MODELS]


def switch_the_database_lock_off():
    """Only the owner can; the test's transaction rolls it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        cursor.execute("SET LOCAL ROLE baken_web")


def keys(queryset):
    return set(queryset.values_list("pk", flat=True))


@pytest.fixture
def country():
    """Reporters of every kind, in two organisations of each, with signals in two places."""
    town = make_organisation(OrganisationType.MUNICIPALITY, name="Town")
    city = make_organisation(OrganisationType.MUNICIPALITY, name="City")
    type(city).objects.filter(pk=city.pk).update(municipality="GM0363")
    city.refresh_from_db()
    centre = make_organisation(OrganisationType.VO_CENTRE, name="Centre")
    reporters = [
        *[make_member(Role.MUNI_REPORTER, organisation=home) for home in (town, city, centre)],
        make_member(Role.MUNI_FOCAL, organisation=city),
        *[make_member(role) for role in (Role.LE_POLICE, Role.LE_KMAR, Role.LE_NLA) * 2],
    ]
    reporters.append(make_member(Role.LE_POLICE, organisation=reporters[4].organisation))
    members = [make_member(role) for role in PEOPLE]
    members += [make_member(Role.MUNI_FOCAL, organisation=home) for home in (town, city, centre)]
    return reporters, [*reporters, *members, *(service(role) for role in SERVICES)]


places = st.sampled_from(["GM0363", "GM1680", "GM0014"])
statuses = st.sampled_from(
    [
        Status.RECEIVED,
        Status.NEEDS_INFO,
        Status.PARKED,
        Status.MERGED,
        Status.REJECTED,
        Status.CLOSED,
        Status.WITHDRAWN,
    ]
)


@settings(
    max_examples=4,
    deadline=None,
    # Each example makes a country; to shrink one would take minutes and tell little more.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_each_lock_alone_shows_the_same_rows(country, data):
    reporters, members = country
    with transaction.atomic():
        analyst = make_member(Role.EMM_ANALYST)
        for reporter in data.draw(st.lists(st.sampled_from(reporters), min_size=3, max_size=8)):
            names = reporter.role == Role.LE_POLICE
            signal_at(
                data.draw(statuses),
                by=reporter,
                analyst=analyst,
                municipality_code=data.draw(places),
                **({"said": said(reporter, *ROWS)} if names else {}),
            )
        by_database, by_queryset = {}, {}
        for member in members:
            with acting(member, purpose="test"):
                by_database[member.pk] = [keys(model.objects.all()) for model in MODELS]
        switch_the_database_lock_off()
        for member in members:
            by_queryset[member.pk] = [keys(model.objects.visible_to(member)) for model in MODELS]
        assert by_queryset == by_database
        assert any(shown for shown, *_ in by_database.values())
        transaction.set_rollback(True)


def test_without_a_member_nothing_is_shown():
    signal_at(Status.CLOSED)

    assert [model.objects.count() for model in MODELS] == [0] * len(MODELS)


def test_who_changes_employer_leaves_the_own_signals_behind():
    bob = make_member(Role.MUNI_REPORTER)
    signal = make_signal(by=bob)
    elsewhere = make_organisation(OrganisationType.MUNICIPALITY, name="Elsewhere")
    type(bob).objects.filter(pk=bob.pk).update(organisation=elsewhere)
    bob = type(bob).objects.with_names().get(pk=bob.pk)

    with acting(bob, purpose="test"):
        assert not Signal.objects.exists()
    switch_the_database_lock_off()
    assert Signal.objects.get() == signal
    assert not Signal.objects.visible_to(bob).exists()


def test_the_statistics_service_counts_codes_and_reads_no_story():
    signal_at(Status.FORWARDED)
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        assert [model.objects.count() for model in (Signal, SignalNarrative, Judgement)] == [
            1,
            0,
            0,
        ]
        assert Signal.objects.visible_to(statistics).true_counts() == [
            (("labour",), "female", "adult", 1)
        ]


@pytest.mark.parametrize("role", PEOPLE)
def test_only_the_expert_centre_reads_judgements(role):
    reporter = make_member(role) if role in REPORTERS else make_member(Role.LE_POLICE)
    signal_at(Status.FORWARDED, by=reporter)
    member = reporter if role in REPORTERS else make_member(role)

    inside = role in (Role.EMM_ANALYST, Role.EMM_COORDINATOR)
    with acting(member, purpose="test"):
        assert Judgement.objects.exists() is inside
    assert Judgement.objects.visible_to(member).query.is_empty() is not inside


REPORTERS = (
    Role.LE_POLICE,
    Role.LE_KMAR,
    Role.LE_NLA,
    Role.MUNI_REPORTER,
    Role.MUNI_FOCAL,
    Role.PARTNER_NGO,
)


def test_nobody_writes_a_signal_in_anothers_name():
    alice, charlie = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE)
    signal = make_signal(by=alice)
    signal.pk, signal.reference = None, "SIG-2026-999999"
    with (
        acting(charlie, purpose="test"),
        pytest.raises(DatabaseError, match="row-level security"),
    ):
        signal.save(force_insert=True)


def test_a_reporter_changes_nothing_after_sending():
    alice = make_member(Role.LE_POLICE)
    signal = make_signal(by=alice)
    with acting(alice, purpose="test"):
        assert Signal.objects.filter(pk=signal.pk).update(danger=True) == 0
        assert SignalNarrative.objects.filter(pk=signal.pk).update(sealed=b"") == 0
        assert Signal.objects.filter(pk=signal.pk)._raw_delete("default") == 0


def test_nobody_judges_in_anothers_name():
    analyst, colleague = make_member(Role.EMM_ANALYST), make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.TRIAGE, analyst=analyst)
    judgement = Judgement(
        signal=signal,
        verdict=Verdict.REJECTED,
        motivation=b"",
        judged_at=timezone.now(),
        judged_by=analyst.user,
    )
    with (
        acting(colleague, purpose="test"),
        pytest.raises(DatabaseError, match="row-level security"),
    ):
        judgement.save(force_insert=True)
