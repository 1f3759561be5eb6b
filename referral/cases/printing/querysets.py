"""Who printed a case: read through the one function that answers only who may see the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from referral.oversight.querysets import role_in_words


@dataclass(frozen=True, slots=True)
class Print:
    """That somebody in this role printed sections for a purpose: never the name of the person."""

    at: datetime
    who: str
    organisation: str
    #: In the words that stand on the paper.
    purpose: str
    sections: Sequence[str]


def prints_of(case: UUID) -> list[Print]:
    """The newest fifty prints of a case; none for who may not see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at, role, organisation, purpose, sections FROM baken.who_printed(%s)",
            [case],
        )
        return [
            Print(at, role_in_words(role), organisation or "", purpose, sections)
            for at, role, organisation, purpose, sections in cursor.fetchall()
        ]
