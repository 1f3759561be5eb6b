"""Who opened what: read through the one function that answers only who may see the object."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from referral.organisations.roles import Role


@dataclass(frozen=True, slots=True)
class Opening:
    """That somebody in this role opened something: never the name of the person."""

    at: datetime
    who: str
    organisation: str
    purpose: str


def openings(on: Model) -> list[Opening]:
    """The newest 200 looks and deeds on this object; none for who may not see it."""
    return openings_of(on._meta.label_lower, str(on.pk))


def openings_of(object_type: str, object_id: str) -> list[Opening]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at, role, organisation, action FROM baken.who_opened(%s, %s)",
            [object_type, object_id],
        )
        return [
            Opening(
                at=recorded_at,
                who=role_in_words(role),
                organisation=organisation or "",
                purpose=in_words(action),
            )
            for recorded_at, role, organisation, action in cursor.fetchall()
        ]


def role_in_words(role: str) -> str:
    """The name of a role; a role of the past that has none any more stays its code."""
    return str(Role(role).label) if role in Role.values else role


def result_in_words(result: str) -> str:
    """`refused 404` as `Refused 404`, in the reader's language."""
    words = {
        "done": _("Done"),
        "denied": _("Denied"),
        "refused": _("Refused"),
        "failed": _("Failed"),
    }
    first, _space, rest = result.partition(" ")
    return f"{words.get(first, first)} {rest}".strip()


def in_words(action: str) -> str:
    """`case_opened` as `Case opened`; a translation of that sentence is used where there is one."""
    words = action.replace("_", " ").capitalize()
    return _(words)
