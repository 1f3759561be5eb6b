from collections.abc import Iterator

import pytest

from tests.notices.workers import Worker, running_worker


@pytest.fixture
def worker(committed: None) -> Iterator[Worker]:  # noqa: ARG001
    """A real Celery worker, as the role baken_worker, on the test database."""
    with running_worker() as running:
        yield running
