"""Each process of a test run has its own numbered database in Valkey, for queue and cache.

They have their own PostgreSQL database each; a worker of one would otherwise take the wakings of
another, and look into the wrong rows.
"""

import os
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

#: Valkey has sixteen unless told otherwise.
DATABASES = 16


def settle() -> None:
    """Must run before the first use of cache or Celery: both read the settings late."""
    index = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if index == 0:
        return
    broker, cache = numbered(settings.REDIS_URL, index)
    os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = broker
    settings.CACHES["default"]["LOCATION"] = cache


def numbered(url: str, index: int) -> tuple[str, str]:
    """The address for Celery and the one for the cache, `index` databases further on."""
    if url.startswith("redis+socket://"):
        path = url.removeprefix("redis+socket://").partition("?")[0]
        number = index % DATABASES
        return f"redis+socket://{path}?virtual_host={number}", f"unix://{path}?db={number}"
    parts = urlsplit(url)
    number = (int(parts.path.strip("/") or 0) + index) % DATABASES
    there = urlunsplit(parts._replace(path=f"/{number}"))
    return there, there
