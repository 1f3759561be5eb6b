"""A signal that is begun: who holds it, and apart from that what was typed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from signals.drafts.querysets import (
    DraftContentQuerySet,
    DraftHandoverQuerySet,
    SavedDraftQuerySet,
)
from signals.drafts.workflow import Status


class SavedDraft(models.Model):
    """A signal that was begun and not sent (concept-signaal). Only its holder opens it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    #: Which questions the form asked, so that one that changed is noticed.
    form_version = models.CharField(max_length=16)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: The moment of the notice that the draft will be wiped.
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[SavedDraftQuerySet] = SavedDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="draft_that_ended_has_time_and_name",
                condition=Q(status=Status.OPEN, ended_at=None, ended_by=None)
                | Q(~Q(status=Status.OPEN), ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "-saved_at"],
                condition=Q(status=Status.OPEN),
                name="draft_of_holder",
            ),
            models.Index(
                fields=["saved_at"], condition=Q(status=Status.OPEN), name="draft_still_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return f"{reverse('signals:submit')}?draft={self.pk}"


class DraftContent(models.Model):
    """What was typed so far, under a key of its own; it goes when the draft ends."""

    draft = models.OneToOneField(
        SavedDraft, models.PROTECT, primary_key=True, related_name="content"
    )
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    objects: ClassVar[DraftContentQuerySet] = DraftContentQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.draft_id)


class DraftHandover(models.Model):
    """That a draft went to a colleague (overdracht van een concept).

    Who hands it over no longer sees it, so the database moves the holder when this row is made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(SavedDraft, models.PROTECT, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[DraftHandoverQuerySet] = DraftHandoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_is_handed_to_somebody_else", condition=~Q(to=F("handed_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} to {self.to_id}"
