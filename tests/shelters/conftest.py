"""The tests of this room read English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.clients import FormClient
from tests.factories.shelters import Place, make_place


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> FormClient:
    return FormClient(headers={"accept-language": "en"})


@pytest.fixture
def place(db: None) -> Place:  # noqa: ARG001
    """Alice asks, the desk reserves, Bob's shelter answers, Charlie's sees nothing."""
    return make_place()
