"""How often one connection may try, without keeping its address.

An address is hashed under a random key of the day that stands in the cache alone. When the day
is over the key is gone, and nobody, we neither, can tell any more whose the counts were. A
captcha would keep out people who see or hear badly, and tell its maker who visits.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import secrets
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from signals.tips.rules import TooOften

logger = logging.getLogger(__name__)
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many seconds."""

    name: str
    most: int
    seconds: int
    #: Whether people come through when the cache is away and nothing can be counted.
    open_without_cache: bool


#: One library or reception centre may stand behind one address. A cry for help comes first.
TIPS = Limit("tips", most=10, seconds=3600, open_without_cache=True)
CODES = Limit("codes", most=5, seconds=3600, open_without_cache=False)


def count(limit: Limit, address: str) -> None:
    """Count one try, before it is known what becomes of it. Raises TooOften."""
    try:
        key = _key(limit, address)
        cache.add(key, 0, limit.seconds)
        tries = cache.incr(key)
    except (RedisError, ValueError):  # away, or forgotten in this very moment
        logger.warning("tips_not_counted %s", limit.name)
        tries = 0 if limit.open_without_cache else limit.most + 1
    if tries > limit.most:
        raise TooOften(_("Too many tries from this connection. Wait an hour, or call."))


def forgive(limit: Limit, address: str) -> None:
    """A try that was right does not count."""
    try:
        cache.decr(_key(limit, address))
    except (RedisError, ValueError):
        logger.warning("tips_not_counted %s", limit.name)


def _key(limit: Limit, address: str) -> str:
    made = hmac.new(_key_of_today(), _network(address).encode(), "sha256").hexdigest()
    return f"tips-{limit.name}-{made}"


def _key_of_today() -> bytes:
    name = f"tips-key-{timezone.localdate()}"
    cache.add(name, secrets.token_bytes(32), DAY)
    key: bytes = cache.get(name) or b""
    if not key:
        raise ValueError("the key of today is gone")
    return key


def _network(address: str) -> str:
    """An IPv6 connection changes its address at will within its network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
