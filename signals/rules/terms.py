"""By when something must be done, and what is urgent: the service levels, applied."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.lib.working_days import is_working_day, working_days_after
from signals.models import Question, Signal
from signals.rules.refusals import SignalRefused
from signals.urgency import Level, level_of, reasons_for
from signals.workflow import CLOCK_RUNS, SERVICE_LEVELS, Status, Term

LONGEST_PARKING = timedelta(days=366)
DESK_CLOSES = time(17)


def check_until(until: date, *, today: date) -> None:
    """A signal is parked until a later day, and not for longer than a year."""
    if until <= today:
        raise SignalRefused({"until": _("Choose a day after today.")})
    if until - today > LONGEST_PARKING:
        raise SignalRefused({"until": _("Park a signal for at most one year.")})


def answer_due(at: datetime) -> date:
    """The last day on which an answer is in time."""
    return working_days_after(timezone.localdate(at), SERVICE_LEVELS[Term.ANSWER].working_days)


def no_answer_came(question: Question, *, at: datetime) -> bool:
    """Whether the reporter was reminded, and the working days after that are over as well."""
    if question.reminded_at is None:
        return False
    days = SERVICE_LEVELS[Term.ANSWER_AFTER_REMINDER].working_days
    last = working_days_after(timezone.localdate(question.reminded_at), days)
    return timezone.localdate(at) > last


def urgency_reasons(signal: Signal) -> list[str]:
    """Why a signal stands where it stands in the queue, in words."""
    return reasons_for(signal.known)


def triage_due(signal: Signal) -> datetime:
    """When the expert centre has looked at it: 4 hours with danger or a minor, else one
    working day later, at the end of the day. The time in which it waited does not count.
    """
    since = signal.created_at + signal.paused
    if level_of(signal.known) <= Level.MINOR:
        return since + SERVICE_LEVELS[Term.TRIAGE_URGENT].time
    days = SERVICE_LEVELS[Term.TRIAGE].working_days
    day = working_days_after(timezone.localdate(since), days)
    return timezone.make_aware(datetime.combine(day, DESK_CLOSES))


def feedback_due(signal: Signal) -> datetime | None:
    """When the receiver of a forwarded signal should have told what became of it."""
    if signal.status != Status.FORWARDED or signal.outcome_at is None:
        return None
    return signal.outcome_at + SERVICE_LEVELS[Term.FEEDBACK].time


def clock_due(signal: Signal) -> datetime | None:
    """When the term that runs now is over; None when none runs, as for rows of a file."""
    if signal.import_batch_id is not None:
        return None
    return triage_due(signal) if signal.status in CLOCK_RUNS else feedback_due(signal)


def share_used(signal: Signal, *, at: datetime) -> int | None:
    """How much of the term that runs now is over, in per cent from 0 to 100."""
    due = clock_due(signal)
    if due is None:
        return None
    told = signal.outcome_at if signal.status == Status.FORWARDED else None
    since = told or signal.created_at + signal.paused
    return max(0, min(100, round(100 * (at - since) / (due - since))))


def triage_overdue_before(at: datetime) -> tuple[datetime, datetime]:
    """The same as triage_due < `at`, asked of the database: urgent signals from before the first
    moment are late, and others from before the second.
    """
    day = timezone.localdate(at)
    if timezone.localtime(at).time() <= DESK_CLOSES:
        day -= timedelta(days=1)
    # The term ends on the first working day after a signal came in: on this one, for all before.
    while not is_working_day(day):
        day -= timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return at - SERVICE_LEVELS[Term.TRIAGE_URGENT].time, midnight
