"""Test runs side by side keep their queues apart."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

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


def test_a_process_that_is_given_the_address_for_celery_keeps_its_cache_there_too():
    broker, there = numbered(settings.REDIS_URL, 3)
    mark = uuid4().hex
    script = f"import django; django.setup(); from django.core.cache import cache; cache.set({mark!r}, 1)"

    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "referral.settings", "REDIS_URL": broker},
        check=True,
    )

    assert RedisCache(there, {"KEY_PREFIX": "baken"}).get(mark) == 1
