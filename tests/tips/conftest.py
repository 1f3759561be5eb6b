"""The tests of this room read English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from tests.clients import FormClient
from tests.factories.people import make_member, make_organisation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> FormClient:
    return FormClient(headers={"accept-language": "en"})


@pytest.fixture
def alice(db: None) -> Iterator[Membership]:  # noqa: ARG001
    """Alice, a police officer, acts; the expert centre is there to hear of it."""
    member = make_member(Role.LE_POLICE, name="Alice")
    make_organisation(OrganisationType.EMM)
    with acting(member, purpose="test"):
        yield member
