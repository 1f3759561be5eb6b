"""Parts of several deeds: hold rows still, write them in one statement, number them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record_many
from referral.cases.models import Case
from referral.cases.rules import MoveRefused
from referral.lib.rows import update_rows
from referral.organisations.models import Membership


def hold(cases: Sequence[Case], *, by: Membership) -> list[Case]:
    """The same cases as they are now, in the same order; nobody else moves them meanwhile.

    Raises Case.DoesNotExist when one is not there for this member, and MoveRefused when it can
    be read and was, a moment ago or long since, not theirs to change.
    """
    wanted = [case.pk for case in cases]
    found = {
        case.pk: case
        for case in Case.objects.visible_to(by)
        .filter(pk__in=wanted)
        .with_names()
        .select_for_update(of=["self"])
        .order_by("pk")
    }
    missing = set(wanted) - found.keys()
    if missing:
        if Case.objects.visible_to(by).filter(pk__in=missing).count() < len(missing):
            raise Case.DoesNotExist
        raise MoveRefused(_("This case has changed hands. Your organisation can only read it."))
    return [found[pk] for pk in wanted]


def write(cases: Sequence[Case], fields: Sequence[str]) -> None:
    """Write these fields of all, and make sure that every row was written."""
    if update_rows(cases, fields) != len(cases):
        raise Case.DoesNotExist


def note(action: str, cases: Sequence[Case], times: Sequence[datetime], *, by: Membership) -> None:
    """One line in the trail for each case, at its own moment."""
    lines = [Line(action=action, on=case, at=at) for case, at in zip(cases, times, strict=True)]
    record_many(lines, by=by, at=timezone.now())


def new_references(moments: Sequence[datetime]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('cases_case_number') FROM generate_series(1, %s)", [len(moments)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        f"CASE-{timezone.localdate(moment).year}-{number:06}"
        for moment, number in zip(moments, numbers, strict=True)
    ]


def by_key(cases: Sequence[Case]) -> dict[UUID, Case]:
    return {case.pk: case for case in cases}
