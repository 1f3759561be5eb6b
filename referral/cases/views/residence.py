"""The part of the case file on residence and police report, as far as the reader may know."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.cases.views.parts import Part, Reading
from referral.organisations.permissions import Permission
from referral.residence.actions import days_of, open_file_of
from referral.residence.views.picture import picture_of

READERS = (Permission.RESIDENCE_READ_GRANTED, Permission.RESIDENCE_READ_ALL)


def residence(reading: Reading) -> Part | None:
    """A coordinator and the national desk see the file; a shelter one day; others nothing."""
    member, at, person = reading.member, reading.at, reading.case.person_id
    title = _("Residence and police report")
    if member.may(Permission.REFLECTION_READ_END) and reading.reach.reads_identity:
        days = days_of(person, by=member, at=at)
        return Part("residence", title, "residence/_part.html", {"days": days}) if days else None
    if not any(map(member.may, READERS)) or not reading.reach.reads_header:
        return None

    def fetch() -> Mapping[str, object]:
        opened = open_file_of(person, by=member, at=at)
        picture = picture_of(opened, today=timezone.localdate(at)) if opened else None
        return {"opened": opened, "picture": picture}

    return Part("residence", title, "residence/_part.html", fetch=fetch)
