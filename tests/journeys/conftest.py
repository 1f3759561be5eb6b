"""How large the stories are that can be large."""

import pytest

#: As many as fit into the suite; the promise is about 2,000.
FEW = 200


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--submissions", type=int, default=FEW, help="signals to send while everything is killed"
    )


@pytest.fixture
def submissions(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--submissions", default=FEW))
