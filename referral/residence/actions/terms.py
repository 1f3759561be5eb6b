"""Changing how long a term lasts: from a day on, with the text that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.residence.models import Certainty, TermCode, TermLength
from referral.residence.rules import check_term_change


@dataclass(frozen=True, slots=True)
class NewLength:
    """What a term is from a day on."""

    code: TermCode
    months: int
    days: int
    source: str
    certainty: Certainty
    from_day: date


@transaction.atomic
def change_term(new: NewLength, *, by: Membership, at: datetime) -> TermLength:
    """What began under the old length keeps it; what begins from this day on gets the new one."""
    now = TermLength.objects.select_for_update().get(code=new.code, valid__upper_inf=True)
    check_term_change(new.months, new.days, new.from_day, now=now)
    now.valid = DateRange(now.valid.lower, new.from_day)
    now.save(update_fields=["valid"])
    length = TermLength(
        code=new.code,
        months=new.months,
        days=new.days,
        source=new.source,
        certainty=new.certainty,
        valid=DateRange(new.from_day, None),
    )
    length.save(force_insert=True)
    record("term_changed", on=length, by=by, at=at)
    return length
