"""A file with a signal, and its sealed pieces."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.attachments.querysets import AttachmentPieceQuerySet, AttachmentQuerySet
from signals.attachments.workflow import UNDER_WAY, Kind, Part, Reason, Removal, Status
from signals.models import Signal

LARGEST = 30_000_000


class Attachment(models.Model):
    """A file that was sent with a signal, under the signal's own key (bijlage).

    Its name is sealed too: people name files after persons.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = models.BinaryField()
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    size = models.PositiveIntegerField(_("size"))
    received = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status, default=Status.UPLOADING)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default="")
    #: Of the original, from the moment that it was read whole.
    sha256 = models.BinaryField(null=True, blank=True)
    rebuilt_size = models.PositiveIntegerField(null=True, blank=True)
    removed = ArrayField(models.CharField(max_length=8, choices=Removal), default=list, blank=True)
    #: Whether a scanner looked at it as well; without one the making anew decides.
    scanned = models.BooleanField(default=False)
    scanner_missed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: Ready or refused.
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: While it is uploaded: the last sign of life. In quarantine: when a worker takes it up.
    next_attempt_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="attachment_is_of_a_kind_that_is_taken_in", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="attachment_is_not_empty_nor_too_large",
                condition=Q(size__gt=0, size__lte=LARGEST),
            ),
            models.CheckConstraint(
                name="attachment_receives_no_more_than_its_size",
                condition=Q(received__lte=F("size")),
            ),
            models.CheckConstraint(
                name="attachment_leaves_the_upload_whole",
                condition=Q(status__in=[Status.UPLOADING, Status.REFUSED]) | Q(received=F("size")),
            ),
            models.CheckConstraint(
                name="attachment_that_is_refused_says_why",
                condition=Q(status=Status.REFUSED, reason__in=Reason.values)
                | Q(~Q(status=Status.REFUSED), reason=""),
            ),
            models.CheckConstraint(
                name="attachment_that_is_ready_was_read_and_made_anew",
                condition=~Q(status=Status.READY)
                | Q(sha256__isnull=False, rebuilt_size__isnull=False),
            ),
            models.CheckConstraint(
                name="attachment_is_settled_or_under_way",
                condition=Q(status__in=UNDER_WAY, settled_at=None)
                | Q(~Q(status__in=UNDER_WAY), settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["signal", "created_at"], name="attachment_by_signal"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status__in=UNDER_WAY),
                name="attachment_under_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return f"{self.signal.get_absolute_url()}#attachments"

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def percent(self) -> int:
        return self.received * 100 // self.size

    @property
    def sha256_hex(self) -> str:
        return bytes(self.sha256 or b"").hex()

    @property
    def removed_labels(self) -> list[str]:
        return [str(Removal(one).label) for one in self.removed]


class AttachmentPiece(models.Model):
    """A sealed piece of an attachment, known by where it begins in the file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="pieces")
    part = models.CharField(max_length=8, choices=Part)
    offset = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects: ClassVar[AttachmentPieceQuerySet] = AttachmentPieceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="piece_is_of_the_original_or_of_what_was_made_anew",
                condition=Q(part__in=Part.values),
            ),
            models.UniqueConstraint(
                name="piece_of_an_attachment_is_kept_once",
                fields=["attachment", "part", "offset"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.part} {self.offset}"
