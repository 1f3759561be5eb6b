"""The tests of this room read English."""

from collections.abc import Iterator
from copy import deepcopy

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


@pytest.fixture(scope="module")
def made_place(module_db: None) -> Place:  # noqa: ARG001
    """Alice asks, the desk reserves, Bob's shelter answers, Charlie's sees nothing."""
    with translation.override("en"):
        return make_place()


@pytest.fixture
def place(db: None, made_place: Place) -> Place:  # noqa: ARG001
    """What Python holds of it is not rolled back, so each test has a copy."""
    return deepcopy(made_place)
