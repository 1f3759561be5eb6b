"""What was forwarded of a signal, to whom, for which purpose, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from signals.enrichment.models import FlowBasis
from signals.forwarding.querysets import ExtractQuerySet
from signals.forwarding.workflow import OPEN, READ, ExtractStatus
from signals.models import Signal
from signals.workflow import Feedback


class Extract(models.Model):
    """What a receiver gets of a judged signal for one purpose (uittreksel).

    A copy under a key of its own: what was sent stays what was sent, whatever becomes of the signal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="extracts")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    basis = models.ForeignKey(FlowBasis, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=ExtractStatus, default=ExtractStatus.SENT)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    #: The whole document, in words.
    sealed = models.BinaryField()
    due_on = models.DateField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: The receipt.
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    feedback = models.CharField(max_length=16, choices=Feedback, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    unopened_told_at = models.DateTimeField(null=True, blank=True)
    near_told_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ExtractQuerySet] = ExtractQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="extract_status_is_known", condition=Q(status__in=ExtractStatus.values)
            ),
            models.CheckConstraint(
                name="extract_feedback_is_due_after_it_was_sent",
                condition=Q(due_on__gt=F("sent_at__date")),
            ),
            models.CheckConstraint(
                name="extract_opened_has_time_and_name",
                condition=Q(status__in=READ, opened_at__isnull=False, opened_by__isnull=False)
                | Q(~Q(status__in=READ), opened_at=None, opened_by=None),
            ),
            models.CheckConstraint(
                name="extract_recalled_has_time_and_name",
                condition=Q(
                    status=ExtractStatus.RECALLED,
                    recalled_at__isnull=False,
                    recalled_by__isnull=False,
                )
                | Q(~Q(status=ExtractStatus.RECALLED), recalled_at=None, recalled_by=None),
            ),
            models.CheckConstraint(
                name="extract_answered_has_code_time_and_name",
                condition=Q(
                    status=ExtractStatus.ANSWERED,
                    feedback__in=Feedback.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                | Q(
                    ~Q(status=ExtractStatus.ANSWERED),
                    feedback="",
                    answered_at=None,
                    answered_by=None,
                ),
            ),
            models.UniqueConstraint(
                name="receiver_has_one_open_extract_of_a_signal",
                fields=["signal", "receiver"],
                condition=Q(status__in=OPEN),
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "-sent_at"], name="extract_by_receiver"),
            models.Index(
                fields=["due_on"], name="extract_open_by_due", condition=Q(status__in=OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("signals:forwarding:extract", args=[self.pk])
