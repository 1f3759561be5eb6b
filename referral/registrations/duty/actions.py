"""The only writers of reminders to register, and of the term after which they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.registrations.duty.models import Reason, Reminder, Term
from referral.registrations.duty.rules import DutyRefused, check_hours, obliged
from referral.registrations.models import SignalLink
from referral.sharing.matrix.rules import check_can_change
from signals.models import Signal

#: What is older was missed by the clock, or is from before there was one: the desk asks by itself.
BACK = timedelta(days=7)
#: In one round of the clock; the rest waits for the next one.
AT_ONCE = 200


@transaction.atomic
def remind_officers(*, by: Membership, at: datetime) -> int:
    """Tell each officer of a signal with a presumed victim whom nobody registered in time; tells
    how many. A second round tells nothing twice.

    The law in force says who has the duty. Police must report each presumed victim to the
    national desk: Besluit politiegegevens art. 4:2 and Vreemdelingencirculaire B8/3.
    """
    term = Term.objects.visible_to(by).in_force().get()
    until = at - timedelta(hours=term.hours)
    late = (
        Signal.objects.visible_to(by)
        .filter(
            reporter_type__in=obliged(),
            n_victims__gt=0,
            import_batch=None,
            created_at__gt=until - BACK,
            created_at__lte=until,
        )
        .exclude(Exists(SignalLink.objects.visible_to(by).filter(signal=OuterRef("pk"))))
        .exclude(Exists(Reminder.objects.visible_to(by).filter(signal=OuterRef("pk"))))
        .select_related("reporter_organisation", "created_by")
        .order_by("created_at", "pk")
    )
    reminders = [
        Reminder(
            signal=signal,
            organisation=signal.reporter_organisation,
            officer=signal.created_by,
            told_at=at,
        )
        for signal in late[:AT_ONCE]
    ]
    Reminder.objects.bulk_create(reminders)
    record_many([Line(action="duty_reminded", on=one, at=at) for one in reminders], by=by, at=at)
    post_many(
        [
            Letter(
                kind=Kind.DUTY_TO_REGISTER,
                to=one.organisation,
                user=one.officer,
                on=one,
                urgent=one.signal.minors,
            )
            for one in reminders
        ],
        at=at,
    )
    return len(reminders)


@transaction.atomic
def explain_reminder(
    reminder: Reminder, *, reason: Reason, by: Membership, at: datetime
) -> Reminder:
    """Say why nobody is registered; it leaves the work list. Raises DutyRefused when it has left."""
    found = Reminder.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=reminder.pk)
    open_one = found.open().first()
    if open_one is None:
        raise DutyRefused(_("This reminder has been dealt with already."))
    open_one.explained_at, open_one.explained_by, open_one.reason = at, by.user, reason
    open_one.save(update_fields=["explained_at", "explained_by", "reason"])
    record("duty_explained", on=open_one, by=by, at=at, details={"reason": reason})
    return open_one


@dataclass(frozen=True, slots=True)
class HomeDuty:
    """What duty/_home.html shows: the open reminders of the member's organisation."""

    kind: str = ""
    reminders: tuple[Reminder, ...] = ()


@transaction.atomic(savepoint=False)
def list_home_duty(*, by: Membership, at: datetime) -> HomeDuty:
    """Who still has to be registered; the look is recorded when there is anyone."""
    found = tuple(Reminder.objects.visible_to(by).open().oldest_first()[:20])
    if not found:
        return HomeDuty()
    record("duty_listed", by=by, at=at, ids=[one.pk for one in found])
    return HomeDuty("duty", found)


@transaction.atomic
def set_term(hours: int, *, reason: str, version: int, by: Membership, at: datetime) -> Term:
    """From now on officers have this many hours. Raises DutyRefused and RuleRefused."""
    check_can_change(by)
    check_hours(hours)
    if not reason.strip():
        raise DutyRefused(reason=_("Write down why the term changes."))
    with connection.cursor() as cursor:  # of two at once the second finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('duty term'))")
    last = Term.objects.visible_to(by).in_force().get()
    if last.version != version:
        raise DutyRefused(_("A colleague has changed this term. Look at it again."))
    last.valid = DateTimeTZRange(last.valid.lower, at)
    last.save(update_fields=["valid"])
    term = Term.objects.create(
        version=last.version + 1,
        hours=hours,
        reason=reason.strip(),
        valid=DateTimeTZRange(at, None),
    )
    record("duty_term_set", on=term, by=by, at=at, details={"hours": hours})
    return term
