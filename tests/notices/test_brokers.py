"""Test runs side by side keep their queues apart."""

import pytest

from tests.brokers import numbered


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("redis://:word@host", "redis://:word@host/3", "redis://:word@host/3"),
        ("redis://host/14", "redis://host/1", "redis://host/1"),
        (
            "redis+socket:///v/s.sock",
            "redis+socket:///v/s.sock?virtual_host=3",
            "unix:///v/s.sock?db=3",
        ),
    ],
)
def test_each_process_has_a_numbered_database_of_its_own(url, broker, cache):
    assert numbered(url, 3) == (broker, cache)
