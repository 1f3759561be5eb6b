"""Many signals from one file: how far the work is, what was refused, and the file meanwhile."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from signals.models.settings import LayoutMapping
from signals.querysets import ImportBatchQuerySet, ImportRefusalQuerySet
from signals.workflow import IMPORT_UNDER_WAY, ImportStatus


class ImportBatch(models.Model):
    """One file that is taken in, and its report (import).

    `position` counts the rows that are dealt with; it commits together with those rows, so
    work that was killed goes on where it stopped.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: In whose name the worker acts; it stops when this membership has ended.
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    profile = models.CharField(_("layout"), max_length=16)
    #: The version that this file is read by, also when a newer one comes meanwhile.
    mapping = models.ForeignKey(LayoutMapping, models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=120)
    file_hash = models.BinaryField()
    file_size = models.PositiveBigIntegerField()
    key = models.ForeignKey(DataKey, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.WAITING)
    rows = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    already_known = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True, default="")
    #: The last sign of life; work that shows none for a while is taken up again.
    moved_on = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ImportBatchQuerySet] = ImportBatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_status_is_known", condition=Q(status__in=ImportStatus.values)
            ),
            models.CheckConstraint(
                name="import_counts_every_row_it_dealt_with",
                condition=Q(position=F("accepted") + F("refused") + F("already_known")),
            ),
            models.CheckConstraint(
                name="import_deals_with_no_more_rows_than_there_are",
                condition=Q(position__lte=F("rows")),
            ),
            models.CheckConstraint(
                name="import_that_is_done_dealt_with_every_row",
                condition=~Q(status=ImportStatus.DONE) | Q(position=F("rows")),
            ),
            models.CheckConstraint(
                name="import_of_a_broken_file_says_why_and_leaves_nothing",
                condition=Q(~Q(error=""), status=ImportStatus.BROKEN, position=0)
                | Q(~Q(status=ImportStatus.BROKEN), error=""),
            ),
            models.CheckConstraint(
                name="import_has_ended_or_is_under_way",
                condition=Q(status__in=IMPORT_UNDER_WAY, ended_at=None)
                | Q(~Q(status__in=IMPORT_UNDER_WAY), ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="file_is_imported_by_one_job_at_a_time",
                fields=["profile", "file_hash"],
                condition=Q(status__in=IMPORT_UNDER_WAY),
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="import_by_time")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("signals:import_report", args=[self.pk])

    @property
    def under_way(self) -> bool:
        return self.status in IMPORT_UNDER_WAY

    @property
    def percent(self) -> int:
        """How far: the check of the file counts for nothing, it takes a moment."""
        if not self.under_way:
            return 100
        return self.position * 100 // self.rows if self.rows else 0


class FilePiece(models.Model):
    """A sealed piece of a file that waits to be taken in; gone when the work has ended."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="piece_of_a_file_is_kept_once", fields=["batch", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class SeenContent(models.Model):
    """How often the rows dealt with so far held exactly this content; gone when the work ends.

    Kept here and not in memory: a file of millions of rows needs no more memory than a small
    one, and work that was killed goes on with the right numbers.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="+")
    content = models.BinaryField()
    seen = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="content_is_counted_in_one_place", fields=["batch", "content"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.seen}"


class ImportRefusal(models.Model):
    """A row that was not taken in: its line in the file and why (geweigerde regel)."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField(_("line"))
    reason = models.CharField(_("reason"), max_length=400)

    objects: ClassVar[ImportRefusalQuerySet] = ImportRefusalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(name="refusal_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(name="row_is_refused_once", fields=["batch", "line"]),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
