"""What the triggers of other rooms do with persons."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils.translation import override


@pytest.fixture
def as_guard():
    """Act as the role that owns the functions which look past the policies."""

    @contextmanager
    def guard():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE baken_guard")
            try:
                yield
            finally:
                cursor.execute("SET LOCAL ROLE baken_web")

    return guard


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield
