"""Alice's system sends, Bob's receives, Charlie's sees nothing."""

from typing import Any

import pytest
from django.core.cache import cache

from referral.organisations.roles import Role
from tests.factories.clients import Partner, make_partner


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    """No test counts the requests of another."""
    settings.API_REQUESTS = settings.API_TOKENS = 1_000_000
    cache.clear()


@pytest.fixture
def alice() -> Partner:
    return make_partner(Role.LE_POLICE)


@pytest.fixture
def bob(alice: Partner) -> Partner:
    """A second system of Alice's organisation."""
    return make_partner(Role.LE_POLICE, organisation=alice.member.organisation)


@pytest.fixture
def charlie() -> Partner:
    return make_partner(Role.LE_NLA)
