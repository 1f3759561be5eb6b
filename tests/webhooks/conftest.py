"""Alice's system sends signals and listens; Gijs of the expert centre works on them."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.webhooks.actions import add_endpoint
from signals.webhooks.models import Endpoint, Event
from tests.factories.clients import Partner, make_partner
from tests.factories.people import make_member
from tests.webhooks.receiver import Receiver


@pytest.fixture
def alice() -> Partner:
    return make_partner(Role.LE_POLICE)


@pytest.fixture
def analyst() -> Membership:
    return make_member(Role.EMM_ANALYST)


@pytest.fixture
def admin() -> Membership:
    return make_member(Role.PLATFORM_ADMIN)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def secret(alice: Partner, admin: Membership, receiver: Receiver) -> str:
    """Alice's system listens to everything; this is its secret."""
    with acting(admin, purpose="test"):
        return add_endpoint(
            alice.client,
            address=receiver.url,
            events=Event.values,
            by=admin,
            at=timezone.now(),
        )


@pytest.fixture
def endpoint(secret: str, admin: Membership) -> Endpoint:  # noqa: ARG001
    with acting(admin, purpose="test"):
        return Endpoint.objects.select_related("client").get()
