"""By when something must be done, and what is urgent: the service levels, applied.

A signal is judged by the version that was in force when it came in, whatever holds now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.lib.working_days import is_working_day, working_days_after
from signals.models import Question, SecondReading, ServiceLevels, Signal
from signals.models.settings import Versioned
from signals.querysets import Late, TriageLate
from signals.rules.refusals import SignalRefused
from signals.urgency import Level, level_of, reasons_for
from signals.workflow import CLOCK_RUNS, Status

DESK_CLOSES = time(17)


@dataclass(frozen=True, slots=True)
class LevelBook:
    """Every version of the service levels, read once for a page or a task."""

    versions: tuple[ServiceLevels, ...]

    def at(self, moment: datetime) -> ServiceLevels:
        """The version in force at this moment; there always is one."""
        return next(version for version in self.versions if version.holds_at(moment))

    def of(self, signal: Signal) -> ServiceLevels:
        """The version by which this signal is judged."""
        return self.at(signal.created_at)


def check_levels(terms: Mapping[str, int], *, before: ServiceLevels) -> None:
    """Raise SignalRefused for terms that cannot be, and for those that change nothing."""
    check_numbers(terms, before=before)
    if terms["feedback_near_days"] >= terms["feedback_days"]:
        raise SignalRefused(
            {"feedback_near_days": _("The reminder comes before the feedback is due.")}
        )


def check_numbers(numbers: Mapping[str, int], *, before: Versioned) -> None:
    """Raise SignalRefused for numbers out of their limits, and for those that change nothing."""
    reasons = {
        name: _("Give a number from %(lowest)s to %(highest)s.")
        % {"lowest": lowest, "highest": highest}
        for name, (lowest, highest) in before.LIMITS.items()
        if not lowest <= numbers[name] <= highest
    }
    if reasons:
        raise SignalRefused(reasons)
    if numbers == before.terms:
        raise SignalRefused({"form": _("Nothing differs from version %s.") % before.version})


def check_until(until: date, *, today: date, levels: ServiceLevels) -> None:
    """A signal is parked until a later day, and not for too long."""
    if until <= today:
        raise SignalRefused({"until": _("Choose a day after today.")})
    if (until - today).days > levels.parking_days:
        raise SignalRefused(
            {"until": _("Park a signal for at most %s days.") % levels.parking_days}
        )


def answer_due(at: datetime, *, levels: ServiceLevels) -> date:
    """The last day on which an answer is in time."""
    return working_days_after(timezone.localdate(at), levels.answer_days)


def no_answer_came(question: Question, *, at: datetime, levels: ServiceLevels) -> bool:
    """Whether the reporter was reminded, and the working days after that are over as well."""
    if question.reminded_at is None:
        return False
    last = working_days_after(timezone.localdate(question.reminded_at), levels.answer_reminded_days)
    return timezone.localdate(at) > last


def urgency_reasons(signal: Signal) -> list[str]:
    """Why a signal stands where it stands in the queue, in words."""
    return reasons_for(signal.known)


def triage_due(signal: Signal, book: LevelBook) -> datetime:
    """When the expert centre has looked at it: some hours with danger or a minor, else some
    working days later, at the end of the day. The time in which it waited does not count.
    """
    since, levels = signal.created_at + signal.paused, book.of(signal)
    if level_of(signal.known) <= Level.MINOR:
        return since + levels.triage_urgent
    day = working_days_after(timezone.localdate(since), levels.triage_days)
    return _closing(day)


def _closing(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, DESK_CLOSES))


def feedback_due(signal: Signal, book: LevelBook) -> datetime | None:
    """When the receiver of a forwarded signal should have told what became of it."""
    if signal.status != Status.FORWARDED or signal.outcome_at is None:
        return None
    return signal.outcome_at + book.of(signal).feedback


def reading_due(reading: SecondReading, levels: ServiceLevels) -> datetime:
    """When a second reader has looked at a proposal: some working days later, when the desk closes."""
    day = working_days_after(timezone.localdate(reading.proposed_at), levels.second_reading_days)
    return _closing(day)


def clock_began(signal: Signal, reading: SecondReading | None) -> datetime | None:
    """Since when the term that runs now runs; None when none does, as for rows of a file.

    `reading` is the open one of a signal that waits for a second reader.
    """
    if signal.import_batch_id is not None:
        return None
    if signal.status in CLOCK_RUNS:
        return signal.created_at + signal.paused
    if signal.status == Status.SECOND_READING:
        return reading.proposed_at if reading else None
    return signal.outcome_at if signal.status == Status.FORWARDED else None


def clock_due(
    signal: Signal, book: LevelBook, reading: SecondReading | None = None
) -> datetime | None:
    """When the term that runs now is over; None when none runs."""
    if clock_began(signal, reading) is None:
        return None
    if signal.status in CLOCK_RUNS:
        return triage_due(signal, book)
    return reading_due(reading, book.of(signal)) if reading else feedback_due(signal, book)


def share_used(
    signal: Signal, book: LevelBook, reading: SecondReading | None = None, *, at: datetime
) -> int | None:
    """How much of the term that runs now is over, in per cent from 0 to 100."""
    since, due = clock_began(signal, reading), clock_due(signal, book, reading)
    if since is None or due is None:
        return None
    return max(0, min(100, round(100 * (at - since) / (due - since))))


def triage_late(book: LevelBook, *, at: datetime) -> list[TriageLate]:
    """The same as triage_due < `at`, asked of the database, for what came in under each version:
    urgent signals from before the first moment are late, and others from before the second.
    """
    return [
        TriageLate(levels.valid, at - levels.triage_urgent, _begun_before(levels.triage_days, at))
        for levels in book.versions
    ]


def readings_late(book: LevelBook, *, at: datetime) -> list[Late]:
    """The same as reading_due < `at`, asked of the database."""
    return [
        Late(levels.valid, _begun_before(levels.second_reading_days, at))
        for levels in book.versions
    ]


def _begun_before(working_days: int, at: datetime) -> datetime:
    """What began before this moment has had so many working days, and the desk is closed."""
    day = timezone.localdate(at)
    if timezone.localtime(at).time() <= DESK_CLOSES:
        day -= timedelta(days=1)
    # The last day that has all the working days of the term after it, `day` among them.
    left = working_days
    while left:
        left -= is_working_day(day)
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def feedback_late(book: LevelBook, *, at: datetime) -> list[Late]:
    """The same as feedback_due < `at`, asked of the database."""
    return [Late(levels.valid, at - levels.feedback) for levels in book.versions]


def feedback_near(book: LevelBook, *, at: datetime) -> list[Late]:
    """Those of which the handler is reminded."""
    return [Late(levels.valid, at - levels.feedback_near) for levels in book.versions]


def drafts_late(book: LevelBook, *, at: datetime) -> list[Late]:
    """Drafts that were last saved in the time of a version, before a moment, are over their term."""
    return [Late(levels.valid, at - levels.draft) for levels in book.versions]
