"""The tests of this room read English, and index by hand what a worker would."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.search import actions
from signals.search.actions import Found
from signals.search.querysets import Asked
from tests.signals.conftest import alice, client, english

__all__ = ["alice", "client", "english"]
Index = Callable[[], int]
Search = Callable[..., Found]


@pytest.fixture
def index() -> Index:
    """What the worker does every few seconds."""

    def take_in() -> int:
        with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
            return actions.index_changes(by=relay, at=timezone.now())

    return take_in


@pytest.fixture
def search() -> Search:
    def ask(member: Membership, words: str = "", **answers: object) -> Found:
        with acting(member, purpose="test"):
            asked = Asked(words=words, **answers)
            return actions.search(asked, by=member, at=timezone.now())

    return ask
