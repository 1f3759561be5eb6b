"""The only writer of versions of terms. What held is never changed: a version is followed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.terms.models import Confirmation, Version
from referral.terms.rules import NewVersion, check_keeper, check_new


@transaction.atomic
def give_terms(new: NewVersion, *, by: Membership, at: datetime) -> Version:
    """From a day to come this holds; what holds until then ends on that day."""
    check_keeper(by)
    # Of two at once the second finds no version without an end any more, and is told so.
    standing = new.book.versions(by=by).filter(valid__upper_inf=True, **new.of)
    found = standing.select_for_update().first()
    last = check_new(new, last=found, today=timezone.localdate(at))
    valid = new.book.range_from(new.from_day)
    last.valid = type(valid)(last.valid.lower, valid.lower)
    last.save(update_fields=["valid"])
    values: dict[str, Any] = {**new.of, **new.numbers, "source": new.source, "valid": valid}
    if new.book.numbered:
        values["version"] = last.version + 1
    if not new.book.confirmed:
        values["certainty"] = new.certainty
    version = new.book.model(**values)
    version.save(force_insert=True)
    if new.book.confirmed:
        Confirmation(
            **{new.book.slug: version}, certainty=new.certainty, given_at=at, given_by=by.user
        ).save(force_insert=True)
    record("terms_given", on=version, by=by, at=at)
    return version
