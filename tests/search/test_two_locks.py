"""Both locks on the index and on kept searches, and a count that is the list, for whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import SERVICES, OrganisationType, Role
from signals.models import Signal
from signals.search import actions
from signals.search.models import SavedFilter, SearchEntry, StaleSignal
from signals.search.querysets import Asked
from signals.workflow import INSIDE, Status
from tests.factories.people import make_member, make_organisation
from tests.factories.signals import signal_at

pytestmark = pytest.mark.django_db
MODELS = (SearchEntry, StaleSignal, SavedFilter)
STORIES = ("Een blauwe bus bij de kas.", "Blauwe plekken op haar arm.", "De bus naar Jansen.")
STATUSES = (Status.RECEIVED, Status.PARKED, Status.MERGED, Status.FORWARDED)


def keys(queryset):
    return set(queryset.values_list("pk", flat=True))


@pytest.fixture
def country():
    """Reporters of every kind in two organisations, and everybody else who might look."""
    town = make_organisation(OrganisationType.MUNICIPALITY, name="Town")
    city = make_organisation(OrganisationType.MUNICIPALITY, name="City")
    type(city).objects.filter(pk=city.pk).update(municipality="GM0363")
    city.refresh_from_db()
    reporters = [
        *[make_member(Role.MUNI_REPORTER, organisation=home) for home in (town, city, city)],
        make_member(Role.MUNI_FOCAL, organisation=city),
        *[make_member(role) for role in (Role.LE_POLICE, Role.LE_POLICE, Role.LE_NLA)],
    ]
    reporters.append(make_member(Role.LE_POLICE, organisation=reporters[4].organisation))
    others = [make_member(role) for role in Role if role not in SERVICES]
    return reporters, [*reporters, *others, *(service(role) for role in sorted(SERVICES))]


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_each_lock_alone_shows_the_same_and_every_count_is_its_list(country, index, data):
    reporters, members = country
    with transaction.atomic():
        analyst = make_member(Role.EMM_ANALYST)
        for _ in range(data.draw(st.integers(4, 8))):
            signal_at(
                data.draw(st.sampled_from(STATUSES)),
                by=data.draw(st.sampled_from(reporters)),
                analyst=analyst,
                facts=data.draw(st.sampled_from(STORIES)),
                municipality_code=data.draw(st.sampled_from(["GM0363", "GM1680"])),
            )
        index()
        for reporter in reporters[:5]:
            with acting(reporter, purpose="test"):
                shared = data.draw(st.booleans())
                actions.save_filter({}, name="A", shared=shared, by=reporter, at=timezone.now())
        asked = Asked(
            words=data.draw(st.sampled_from(["blauw", "bus -jansen", "blauw or jansen", "raid"])),
            form=data.draw(st.sampled_from(["", "labour", "sexual"])),
            status=data.draw(st.sampled_from(["", *Status.values])),
            municipality=data.draw(st.sampled_from(["", "GM0363"])),
            reporter_type=data.draw(st.sampled_from(["", OrganisationType.MUNICIPALITY])),
            order=data.draw(st.sampled_from(["relevance", "newest"])),
        )
        for member in members:
            with acting(member, purpose="test"), transaction.atomic():
                both = [keys(model.objects.visible_to(member)) for model in MODELS]
                by_database = [keys(model.objects.all()) for model in MODELS]
                found = actions.search(asked, by=member, at=timezone.now())
                alike = actions.search(
                    Asked(words="blouwe", alike=True), by=member, at=timezone.now()
                )
                [counted] = actions.count_found([asked], by=member, at=timezone.now())
                visible = keys(Signal.objects.visible_to(member))
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL ROLE baken_guard")
                    by_queryset = [keys(model.objects.visible_to(member)) for model in MODELS]
                    cursor.execute("SET LOCAL ROLE baken_web")
            assert both == by_database == by_queryset, member.role
            shown = [hit.signal.pk for hit in found.hits]
            assert len(shown) == len(set(shown)) == found.count == counted
            assert {*shown, *(hit.signal.pk for hit in alike.hits)} <= visible
            assert alike.count == len(alike.hits)
            if asked.status in INSIDE and member.role not in (
                Role.EMM_ANALYST,
                Role.EMM_COORDINATOR,
            ):
                assert not shown
        transaction.set_rollback(True)


def test_nobody_finds_their_signal_by_what_only_the_expert_centre_knows(index):
    parked = signal_at(Status.PARKED, facts=STORIES[0])
    index()
    reporter = Membership.objects.with_names().get(user=parked.created_by)
    told = {}
    with acting(reporter, purpose="test"):
        for status in Status.values:
            asked = Asked(words="blauw", status=status)
            told[status] = actions.search(asked, by=reporter, at=timezone.now()).count
    assert {status for status, count in told.items() if count} == {Status.TRIAGE}


def test_nobody_writes_the_index_or_looks_past_it(index):
    signal_at(Status.PARKED)
    index()
    alice, relay = make_member(Role.LE_POLICE), service(Role.SERVICE_RELAY)
    with acting(relay, purpose="test"):
        entry = SearchEntry.objects.all()[0]
    with acting(alice, purpose="test"):
        with connection.cursor() as cursor:  # the function that looks past the policies
            for of_desk in (False, True):
                cursor.execute("SELECT baken.signals_with('!nothing'::tsquery, %s)", [of_desk])
                assert cursor.fetchall() == []
                cursor.execute(
                    "SELECT * FROM baken.best_signals('!nothing'::tsquery, %s, true, 0, 9)",
                    [of_desk],
                )
                assert cursor.fetchall() == []
        assert SearchEntry.objects.update(words="") == 0
        entry.pk = None
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            entry.save(force_insert=True)
    with acting(relay, purpose="test"):
        entry.pk = None
        with pytest.raises(DatabaseError, match="found_once_by_each_side"), transaction.atomic():
            entry.save(force_insert=True)


def test_an_entry_goes_with_its_signal(index):
    signal = signal_at(Status.RECEIVED)
    index()
    with connection.cursor() as cursor:  # as the retention of the law would
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("DELETE FROM routing_decision WHERE signal_id = %s", [signal.pk])
        cursor.execute("DELETE FROM signals_signalnarrative WHERE signal_id = %s", [signal.pk])
        cursor.execute("DELETE FROM signals_signal WHERE id = %s", [signal.pk])
        cursor.execute("SET LOCAL ROLE baken_web")
    index()
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        assert not SearchEntry.objects.exists()
        assert not StaleSignal.objects.exists()
