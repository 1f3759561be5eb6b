"""Notices: what one organisation must hear from another. The row is the truth (outbox)."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from referral.lib.ids import uuid7
from referral.notices.kinds import Kind
from referral.notices.querysets import DeliveryQuerySet, NoticeQuerySet
from referral.notices.workflow import MAX_ATTEMPTS, Channel, State, pause_after
from referral.organisations.models import Organisation, User

if TYPE_CHECKING:
    from datetime import datetime


class Posted(models.Model):
    """What is delivered until it is done: tried again, later each time, and then given up."""

    most_attempts: ClassVar[int] = MAX_ATTEMPTS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    def set_back(self, error: Exception, at: datetime) -> None:
        """Count a failure and wait, or give up. The name of the error only: its text may hold
        an address.
        """
        self.attempts += 1
        self.last_error = type(error).__name__[:100]
        if self.attempts >= self.most_attempts:
            self.state = State.DEAD
        else:
            self.next_attempt_at = at + pause_after(self.attempts)


class Notice(Posted):
    """One event told to an organisation, to a role in it, or to one person in it (bericht)."""

    kind = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    url = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="notice_is_done_at_a_moment",
                condition=Q(state=State.DONE, done_at__isnull=False)
                | Q(~Q(state=State.DONE), done_at=None),
            ),
            models.CheckConstraint(
                name="notice_leads_to_a_page_of_ours",
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=State.PENDING),
                name="notice_still_to_hand_out",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return reverse("notices:list")

    @property
    def sentence(self) -> str:
        """What has happened, in words, without anything about a person."""
        return str(Kind(self.kind).label)


class Delivery(Posted):
    """A notice as one person gets it, in one way (bezorging)."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user", "channel"], name="notice_is_delivered_once_a_way"
            ),
            models.CheckConstraint(
                name="delivery_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="delivery_is_done_at_a_moment",
                condition=Q(state=State.DONE, delivered_at__isnull=False)
                | Q(~Q(state=State.DONE), delivered_at=None),
            ),
            models.CheckConstraint(
                name="delivery_is_read_after_it_came",
                condition=Q(read_at=None) | Q(delivered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-id"],
                condition=Q(channel=Channel.IN_APP, read_at=None),
                name="delivery_still_unread",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(channel=Channel.MAIL, state=State.PENDING),
                name="delivery_still_to_mail",
            ),
            models.Index(
                fields=["user", "delivered_at"],
                condition=Q(channel=Channel.MAIL, state=State.DONE),
                name="delivery_last_mailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.user_id} {self.get_channel_display()}"

    @property
    def message_id(self) -> str:
        """The same at each try, so that a mail that comes twice is known as one."""
        _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return f"<{self.pk}@{sender.partition('@')[2]}>"
