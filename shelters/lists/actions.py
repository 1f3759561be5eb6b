"""The only writers of the lists."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.audit.actions import record
from referral.organisations.models import Membership
from shelters.lists.models import ListedCode
from shelters.lists.rules import (
    NewCode,
    check_end,
    check_keeps_lists,
    check_new_code,
    read_lists,
)


@transaction.atomic
def add_code(new: NewCode, *, by: Membership, at: datetime) -> ListedCode:
    """A code that can be chosen from a day on. Raises ListRefused."""
    check_keeps_lists(by)
    with connection.cursor() as cursor:  # of two at once the second finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lists of shelter'))")
    check_new_code(new, read_lists(by=by), today=timezone.localdate(at))
    made = ListedCode(
        list=new.list,
        code=new.code,
        dutch=new.dutch,
        english=new.english,
        source=new.source,
        valid=DateRange(new.since, None),
    )
    made.save(force_insert=True)
    record("listed_code_added", on=made, by=by, at=at)
    return made


@transaction.atomic
def end_code(code: ListedCode, *, until: date, by: Membership, at: datetime) -> ListedCode:
    """From a day on it cannot be chosen any more; what is recorded keeps it. Raises ListRefused."""
    check_keeps_lists(by)
    held = ListedCode.objects.visible_to(by).select_for_update().get(pk=code.pk)
    check_end(held, until=until, today=timezone.localdate(at))
    held.valid = DateRange(held.valid.lower, until)
    held.save(update_fields=["valid"])
    record("listed_code_ended", on=held, by=by, at=at)
    return held
