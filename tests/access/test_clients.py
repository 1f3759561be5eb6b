"""The second lock and the constraints on what partners' systems show at the door."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from referral.access.actions import digest_of
from referral.access.context import acting
from referral.access.models import AccessToken, ApiClient, ClientKey, SpentAssertion
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.notices.models import Delivery
from referral.organisations.models import Membership, User
from referral.organisations.roles import Role
from tests.factories.clients import Partner, make_partner
from tests.factories.people import make_member
from tests.factories.signals import make_signal
from tests.notices.post_office import go_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Partner:
    return make_partner()


@pytest.fixture
def admin():
    return make_member(Role.PLATFORM_ADMIN)


def broken(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def key(client: ApiClient, **changes: Any) -> ClientKey:
    now = timezone.now()
    said = {
        "client": client,
        "name": "another",
        "algorithm": "ES256",
        "public": b"another",
        "valid": DateTimeTZRange(now, now + timedelta(days=1)),
    }
    return ClientKey.objects.create(**{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"algorithm": "none"}, "client_key_signs_in_a_known_way"),
        ({"valid": DateTimeTZRange(timezone.now(), None)}, "client_key_has_a_beginning_and_an_end"),
        ({"valid": DateTimeTZRange(empty=True)}, "client_key_has_a_beginning_and_an_end"),
        ({"name": ""}, "client_names_each_key_once"),
        ({"public": b""}, "public_key_belongs_to_one_client"),
    ],
)
def test_a_key_that_cannot_be_is_refused(alice, admin, changes, name):
    there = alice.client.keys.get()
    changes = {
        field: value or getattr(there, field) for field, value in changes.items()
    } if name.endswith(("once", "one_client")) else changes  # fmt: skip

    with acting(admin, purpose="test"), broken(name), transaction.atomic():
        key(alice.client, **changes)


def test_a_system_that_ended_has_time_and_name(alice, admin):
    with (
        acting(admin, purpose="test"),
        broken("client_that_ended_has_time_and_name"),
        transaction.atomic(),
    ):
        ApiClient.objects.filter(pk=alice.client.pk).update(ended_at=timezone.now())


def test_a_token_lives_ten_minutes_at_most(alice):
    now = timezone.now()
    for lives in (timedelta(minutes=10, seconds=1), timedelta()):
        with (
            acting(alice.member, purpose="test"),
            broken("token_lives_ten_minutes_at_most"),
            transaction.atomic(),
        ):
            AccessToken.objects.create(
                digest=digest_of("x"),
                client=alice.client,
                key=alice.client.keys.get(),
                issued_at=now,
                expires_at=now + lives,
            )


def test_an_assertion_is_honoured_once(alice):
    with acting(alice.member, purpose="test"):
        spent = {"client": alice.client, "jti": "one", "expires_at": timezone.now()}
        SpentAssertion.objects.create(**spent)
        with broken("assertion_is_honoured_once"), transaction.atomic():
            SpentAssertion.objects.create(**spent)


def test_a_machine_has_no_password_and_has_never_signed_in(alice):
    machine = User.objects.filter(pk=alice.member.user_id)

    for changes in ({"password": "argon2$x"}, {"last_login": timezone.now()}):
        with broken("machine_has_no_password"), transaction.atomic():
            machine.update(**changes)
    assert not machine.get().has_usable_password()


def own_key(alice: Partner, _other: Membership) -> None:
    key(alice.client)


def own_system(_alice: Partner, other: Membership) -> None:
    ApiClient.objects.create(
        name="x", membership=other, created_at=timezone.now(), created_by=other.user
    )


@pytest.mark.parametrize("deed", [own_key, own_system])
@pytest.mark.parametrize("role", [Role.LE_POLICE, Role.ORG_ADMIN, Role.EMM_COORDINATOR])
def test_only_who_keeps_systems_writes_them(alice, role, deed):
    other = make_member(role)

    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        deed(alice, other)  # nobody acts
    with acting(other, purpose="test"):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            deed(alice, other)
        assert ClientKey.objects.update(name="mine") == 0
        assert ApiClient.objects.update(ended_at=timezone.now(), ended_by=other.user) == 0


def test_only_the_system_itself_gets_a_token(alice):
    mallory = make_partner()
    now = timezone.now()

    with (
        acting(mallory.member, purpose="test"),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        AccessToken.objects.create(
            digest=digest_of("x"),
            client=alice.client,
            key=alice.client.keys.get(),
            issued_at=now,
            expires_at=now + timedelta(minutes=5),
        )
    alice.ask()
    with acting(mallory.member, purpose="test"):
        assert AccessToken.objects.all().delete()[0] == 0
        assert SpentAssertion.objects.count() == 0


def test_nobody_mails_a_machine(alice):
    colleague = make_member(Role.LE_POLICE, organisation=alice.member.organisation)
    signal = make_signal(by=alice.member)
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        post(
            Kind.SIGNAL_RECEIVED,
            to=alice.member.organisation,
            role=Role.LE_POLICE,
            on=signal,
            at=timezone.now(),
        )

    go_round()

    with acting(colleague, purpose="test"):
        assert Delivery.objects.filter(user=colleague.user_id).exists()
    with acting(alice.member, purpose="test"):
        assert not Delivery.objects.filter(user=alice.member.user_id).exists()
