"""Who sees and writes endpoints, secrets and messages: each lock alone, and what cannot be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import SERVICES, Role
from referral.people.rules import ClientRefused
from signals.webhooks.actions import KEPT_FOR, clear_pushes, send_test
from signals.webhooks.models import TEST, Endpoint, EndpointSecret, Push
from tests.factories.people import make_member
from tests.webhooks.rounds import push_round

pytestmark = pytest.mark.django_db
MODELS = (Endpoint, EndpointSecret, Push)
SEES = {Role.PLATFORM_ADMIN, Role.SERVICE_RELAY}


@pytest.fixture
def push(endpoint, admin):
    with acting(admin, purpose="test"):
        return send_test(endpoint, by=admin, at=timezone.now())


@pytest.mark.usefixtures("push")
@pytest.mark.parametrize("lock", ["visible_to", "row-level security"])
def test_only_who_keeps_systems_and_who_sends_see_them(lock):
    members = [service(role) if role in SERVICES else make_member(role) for role in Role]
    if lock == "visible_to":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE baken_owner")
            for model in MODELS:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
            cursor.execute("SET LOCAL ROLE baken_web")
    for member in members:
        with acting(member, purpose="test"):
            for model in MODELS:
                there = model.objects
                seen = there.visible_to(member) if lock == "visible_to" else there.all()
                assert seen.exists() is (member.role in SEES), (member.role, model)


def test_a_message_about_a_signal_is_written_by_the_database_alone(endpoint, admin, push):
    now = timezone.now()
    forged = Push(
        endpoint=endpoint,
        event="signaal.uitkomst",
        signal_id=uuid4(),
        reference="SIG-2026-000001",
        happened_at=now,
        next_attempt_at=now,
    )
    for member in (admin, service(Role.SERVICE_RELAY), make_member(Role.EMM_ANALYST)):
        with acting(member, purpose="test"):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                forged.save(force_insert=True)
            if member.role != Role.SERVICE_RELAY:
                assert Push.objects.filter(pk=push.pk).update(state="dead") == 0


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (Endpoint, {"address": "http://example.org/"}, "endpoint_is_asked_by_https_or_is_this_m"),
        (Endpoint, {"address": "ftp://127.0.0.1/"}, "endpoint_is_asked_by_https_or_is_this_m"),
        (Endpoint, {"events": []}, "endpoint_hears_of_known_events"),
        (Endpoint, {"events": ["signaal.naam"]}, "endpoint_hears_of_known_events"),
        (Endpoint, {"off_reason": "gone"}, "endpoint_that_is_off_has_time_name_and_reason"),
        (Push, {"state": "lost"}, "push_state_is_known"),
        (Push, {"state": "done"}, "push_is_done_at_a_moment"),
        (Push, {"signal_id": uuid4()}, "push_names_its_signal_unless_it_is_a_test"),
        (Push, {"event": "signaal.uitkomst"}, "push_names_its_signal_unless_it_is_a_test"),
    ],
)
@pytest.mark.usefixtures("push")
def test_what_cannot_be_is_refused(model, changes, name):
    with (
        acting(service(Role.SERVICE_RELAY), purpose="test"),
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
    ):
        model.objects.update(**changes)


def test_one_secret_has_no_end(endpoint, admin):
    with (
        acting(admin, purpose="test"),
        pytest.raises(IntegrityError, match="endpoint_has_one_secret_without_end"),
        transaction.atomic(),
    ):
        EndpointSecret.objects.create(
            endpoint=endpoint, sealed=b"x", made_at=timezone.now(), made_by=admin.user
        )


def test_the_secret_lies_sealed(endpoint, secret, admin):
    with acting(admin, purpose="test"):
        kept = EndpointSecret.objects.get()
    assert secret.encode() not in bytes(kept.sealed)
    assert kept.opened(endpoint.key) == secret


def test_nobody_else_keeps_an_endpoint(endpoint):
    other = make_member(Role.ORG_ADMIN)
    with acting(other, purpose="test"), pytest.raises(ClientRefused):
        send_test(endpoint, by=other, at=timezone.now())


@pytest.mark.usefixtures("push")
def test_after_a_month_a_message_is_forgotten():
    push_round()
    with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
        soon = timezone.now() + KEPT_FOR
        assert clear_pushes(by=relay, at=soon - timedelta(days=1)) == 0
        assert clear_pushes(by=relay, at=soon + timedelta(days=1)) == 1
        assert not Push.objects.filter(event=TEST).exists()
