"""Who is acting now: one value that the audit trail and the database context read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or service, acting for one organisation in one role, for one purpose."""

    user_id: int
    organisation_id: int
    role: str
    purpose: str = ""
    request_id: str = ""
    #: Of the chain of systems that asked, by W3C Trace Context; empty when a person did.
    trace_id: str = ""
    address: str = ""


_current: ContextVar[Actor | None] = ContextVar("baken_actor", default=None)


def current_actor() -> Actor | None:
    return _current.get()


@contextmanager
def acting_as(actor: Actor | None) -> Iterator[None]:
    """Let `actor` be the one who acts until the block ends.

    A transaction that opens inside writes the actor into the database by itself
    (referral.access.database); one that is open already is told here.
    """
    token = _current.set(actor)
    try:
        _tell_open_transactions()
        yield
    finally:
        _current.reset(token)
        _tell_open_transactions()


def _tell_open_transactions() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block and not connection.needs_rollback:
            write_context = getattr(connection, "write_context", None)
            if write_context is not None:
                write_context()
