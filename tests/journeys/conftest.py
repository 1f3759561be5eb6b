"""How large the stories are that can be large."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import Served, serve

#: As many as fit into the suite; the promise is about 2,000.
FEW = 200


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--submissions", type=int, default=FEW, help="signals to send while everything is killed"
    )


@pytest.fixture
def submissions(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--submissions", default=FEW))


@pytest.fixture(scope="module")
def running(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:  # noqa: ARG001
    """The application, started once: each start takes six seconds of a core."""
    with django_db_blocker.unblock(), serve() as started:
        yield started
