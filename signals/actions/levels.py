"""The only writer of service levels, and how a page or a task reads them: once, all versions.

How a next version is written is the same for everything that a coordinator sets in numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.models import ServiceLevels
from signals.models.settings import Versioned
from signals.rules import LevelBook, SignalRefused, check_levels

V = TypeVar("V", bound=Versioned)


@transaction.atomic(savepoint=False)
def level_book(*, by: Membership) -> LevelBook:
    """Every version, in one statement."""
    return LevelBook(tuple(ServiceLevels.objects.visible_to(by).in_order()))


@transaction.atomic
def set_levels(
    terms: Mapping[str, int], *, since: date, reason: str, by: Membership, at: datetime
) -> ServiceLevels:
    """Write the next version, which holds from the beginning of a day that is still to come.

    What came in before that day is judged by the version that held then.
    """
    if not by.may(Permission.SIGNAL_LEVELS):
        raise PermissionDenied(_("Your role does not set service levels."))
    last = lock_last(ServiceLevels.objects.visible_to(by))
    check_levels(terms, before=last)
    levels = write_next(last, terms, since=since, reason=reason, at=at)
    record("levels_set", on=levels, by=by, at=at, details={"version": levels.version})
    return levels


def lock_last(versions: QuerySet[V]) -> V:
    """The newest version; of two who set the next one at once the second finds the first's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [versions.model._meta.label_lower]
        )
    return versions.order_by("version").reverse()[0]


def write_next(last: V, terms: Mapping[str, int], *, since: date, reason: str, at: datetime) -> V:
    """End the last version where the next one begins, on a day that is still to come.

    Part of a deed that checked the numbers, and records.
    """
    begins = timezone.make_aware(datetime.combine(since, time()))
    if since <= timezone.localdate(at):
        raise SignalRefused({"since": _("Choose a day after today.")})
    if last.valid.lower is not None and begins <= last.valid.lower:
        day = timezone.localdate(last.valid.lower)
        raise SignalRefused(
            {"since": _("Version %(version)s begins on %(day)s; choose a later day.")
             % {"version": last.version, "day": f"{day:%d-%m-%Y}"}}
        )  # fmt: skip
    if not reason.strip():
        raise SignalRefused({"reason": _("Write down why this changes.")})

    last.valid = DateTimeTZRange(last.valid.lower, begins)
    last.save(update_fields=["valid"])
    version = type(last)(
        version=last.version + 1,
        reason=reason.strip(),
        valid=DateTimeTZRange(begins, None),
        **terms,
    )
    version.save(force_insert=True)
    return version
