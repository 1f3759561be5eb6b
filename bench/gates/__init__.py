"""The gates, each in a file of its own; importing them puts them on the list."""

from bench.gates import (
    audit,
    board,
    bookings,
    desk,
    duplicates,
    identities,
    imports,
    intake,
    kills,
    lists,
    locks,
    matching,
    pages,
    verification,
)

__all__ = [
    "audit",
    "board",
    "bookings",
    "desk",
    "duplicates",
    "identities",
    "imports",
    "intake",
    "kills",
    "lists",
    "locks",
    "matching",
    "pages",
    "verification",
]
