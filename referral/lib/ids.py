"""Keys that the application makes itself, so that a row is known before it is written."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7): new rows land at the end of an index.

    The 12 bits after the millisecond count within it, so keys of one process sort as made.
    """
    global _last  # noqa: PLW0603 -- the counter is the point
    with _lock:
        now = time.time_ns() * 4096 // 1_000_000  # 4096 ticks a millisecond
        _last = now if now > _last else _last + 1
        ticks = _last
    milliseconds, within = divmod(ticks, 4096)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | within << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
