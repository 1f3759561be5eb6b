"""What the chair decides, what is done with it, and what is written down of a meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from signals.deliberation.models.meetings import AgendaItem, Meeting
from signals.deliberation.querysets import (
    AddendumQuerySet,
    DecisionQuerySet,
    FollowUpQuerySet,
    MinutesQuerySet,
)
from signals.deliberation.workflow import WITH_RECEIVER, Code, FollowUpStatus
from signals.models import Signal


class Decision(models.Model):
    """What the chair decides on one signal, and why (besluit); it stands once minutes are locked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    code = models.CharField(_("decision"), max_length=24, choices=Code)
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Under the key of the signal.
    motivation = models.BinaryField()
    due_on = models.DateField(_("done before"))
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_code_is_known", condition=Q(code__in=Code.values)
            ),
            models.CheckConstraint(
                name="decision_to_hand_on_names_who_receives",
                condition=Q(code__in=WITH_RECEIVER, receiver__isnull=False)
                | Q(~Q(code__in=WITH_RECEIVER), receiver=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.code}"


class FollowUp(models.Model):
    """What the handler of a signal does with a decision, before a day (vervolgactie).

    It has no owner of its own: whoever handles the signal has it, also after a hand-over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="follow_up")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    due_on = models.DateField(_("done before"))
    status = models.CharField(max_length=8, choices=FollowUpStatus, default=FollowUpStatus.OPEN)
    reminded_at = models.DateTimeField(null=True, blank=True)
    #: What was done, under the key of the signal.
    remark = models.BinaryField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[FollowUpQuerySet] = FollowUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_status_is_known", condition=Q(status__in=FollowUpStatus.values)
            ),
            models.CheckConstraint(
                name="follow_up_that_is_done_says_what_when_and_by_whom",
                condition=Q(
                    status=FollowUpStatus.DONE,
                    done_at__isnull=False,
                    done_by__isnull=False,
                    remark__isnull=False,
                )
                | Q(~Q(status=FollowUpStatus.DONE), done_at=None, done_by=None, remark=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="follow_up_open_by_due",
                condition=Q(status=FollowUpStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("signals:deliberation:follow_up", args=[self.pk])


class Minutes(models.Model):
    """What was said beside the decisions (verslag); under the key of the meeting."""

    meeting = models.OneToOneField(
        Meeting, models.PROTECT, primary_key=True, related_name="minutes"
    )
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[MinutesQuerySet] = MinutesQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.meeting_id)


class Addendum(models.Model):
    """A correction to minutes that are locked (addendum): added, never written over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="addenda")
    #: Under the key of the meeting.
    sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[AddendumQuerySet] = AddendumQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.added_at}"
