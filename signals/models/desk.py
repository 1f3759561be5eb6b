"""What happens to a signal at the desk between taking it up and the outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.models.signal import Signal
from signals.querysets import (
    EscalationQuerySet,
    FeedbackQuerySet,
    MergingQuerySet,
    ParkingQuerySet,
    QuestionQuerySet,
    ReadingQuerySet,
)
from signals.workflow import Feedback, QuestionStatus, ReadingStatus, Term

ENDED = Q(ended_at__isnull=False, ended_by__isnull=False)
NOT_ENDED = Q(ended_at=None, ended_by=None)


class Pause(models.Model):
    """A time in which the expert centre waits and the clock of a signal stands still.

    When it ends, the database brings the signal back to triage (`baken.pause_gives_back`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="%(class)ss")
    #: Why, under the key of the signal.
    sealed = models.BinaryField()
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.began_at}"


class Question(Pause):
    """What the expert centre asks the reporter, and the answer (vraag aan de melder)."""

    status = models.CharField(max_length=12, choices=QuestionStatus, default=QuestionStatus.ASKED)
    due_on = models.DateField(_("answer before"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.BinaryField(null=True, blank=True)

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_status_is_known", condition=Q(status__in=QuestionStatus.values)
            ),
            models.CheckConstraint(
                name="question_has_ended_with_time_and_name",
                condition=Q(NOT_ENDED, status=QuestionStatus.ASKED)
                | Q(~Q(status=QuestionStatus.ASKED), ENDED),
            ),
            models.CheckConstraint(
                name="question_that_is_answered_holds_the_answer",
                condition=Q(status=QuestionStatus.ANSWERED, answer__isnull=False)
                | Q(~Q(status=QuestionStatus.ANSWERED), answer=None),
            ),
            models.UniqueConstraint(
                name="signal_has_one_open_question",
                fields=["signal"],
                condition=Q(status=QuestionStatus.ASKED),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="question_open_by_due",
                condition=Q(status=QuestionStatus.ASKED),
            ),
        ]


class Parking(Pause):
    """A signal waits for a day (aanhouding): a raid, a hearing, somebody who comes back."""

    until = models.DateField(_("until"))

    objects: ClassVar[ParkingQuerySet] = ParkingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="parking_has_ended_with_time_and_name", condition=NOT_ENDED | ENDED
            ),
            models.CheckConstraint(
                name="parking_lasts_until_a_later_day", condition=Q(until__gte=F("began_at__date"))
            ),
            models.UniqueConstraint(
                name="signal_is_parked_once_at_a_time",
                fields=["signal"],
                condition=Q(ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["until"], name="parking_open_by_day", condition=Q(ended_at=None)),
        ]


class Merging(Pause):
    """A signal is about the same as another one, and goes on in that one (samenvoeging)."""

    into = models.ForeignKey(Signal, models.PROTECT, related_name="joined")

    objects: ClassVar[MergingQuerySet] = MergingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merging_has_ended_with_time_and_name", condition=NOT_ENDED | ENDED
            ),
            models.CheckConstraint(
                name="signal_is_not_merged_into_itself", condition=~Q(into=F("signal"))
            ),
            models.UniqueConstraint(
                name="signal_is_merged_into_one_other",
                fields=["signal"],
                condition=Q(ended_at=None),
            ),
        ]


class SecondReading(models.Model):
    """An analyst proposes to reject a signal, and another one looks at it (tweede lezing)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="readings")
    status = models.CharField(max_length=12, choices=ReadingStatus, default=ReadingStatus.WAITING)
    #: Why it should be rejected, under the key of the signal.
    motivation = models.BinaryField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: Why it was given back.
    remark = models.BinaryField(null=True, blank=True)

    objects: ClassVar[ReadingQuerySet] = ReadingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reading_status_is_known", condition=Q(status__in=ReadingStatus.values)
            ),
            models.CheckConstraint(
                name="reading_has_time_and_name",
                condition=Q(status=ReadingStatus.WAITING, read_at=None, read_by=None)
                | Q(
                    ~Q(status=ReadingStatus.WAITING),
                    read_at__isnull=False,
                    read_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="nobody_is_the_second_reader_of_the_own_proposal",
                condition=Q(read_by=None) | ~Q(read_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="reading_that_is_given_back_says_why",
                condition=Q(status=ReadingStatus.RETURNED, remark__isnull=False)
                | Q(~Q(status=ReadingStatus.RETURNED), remark=None),
            ),
            models.UniqueConstraint(
                name="signal_waits_for_one_second_reader",
                fields=["signal"],
                condition=Q(status=ReadingStatus.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.status}"


class ReceiverFeedback(models.Model):
    """What the receiver of a forwarded signal did with it (terugkoppeling van de ontvanger)."""

    signal = models.OneToOneField(
        Signal, models.PROTECT, primary_key=True, related_name="receiver_feedback"
    )
    code = models.CharField(max_length=16, choices=Feedback)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[FeedbackQuerySet] = FeedbackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_is_one_of_the_codes", condition=Q(code__in=Feedback.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.code}"


class Escalation(models.Model):
    """Somebody was told that a term is nearly or wholly over (escalatie).

    Once for each term, and again when a pause began it anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="escalations")
    term = models.CharField(max_length=16, choices=Term)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: How long the clock had stood still: a pause that ends begins a term anew.
    paused = models.DurationField(default=timedelta, db_default=timedelta())

    objects: ClassVar[EscalationQuerySet] = EscalationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="escalation_is_of_a_known_term", condition=Q(term__in=Term.values)
            ),
            models.UniqueConstraint(
                name="signal_is_escalated_once_for_each_term_and_pause",
                fields=["signal", "term", "paused"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.term}"
