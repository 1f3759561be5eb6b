"""The tests of this room read English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.clients import FormClient


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> FormClient:
    return FormClient(headers={"accept-language": "en"})
