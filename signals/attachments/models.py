"""A file with a signal, and its sealed pieces."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from referral.files.models import FilePiece, KeptFile
from signals.attachments.querysets import AttachmentPieceQuerySet, AttachmentQuerySet
from signals.models import Signal


class Attachment(KeptFile):
    """A file that was sent with a signal, under the signal's own key (bijlage)."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(KeptFile.Meta):
        indexes = [
            *KeptFile.Meta.indexes,
            models.Index(fields=["signal", "created_at"], name="attachment_by_signal"),
        ]

    def get_absolute_url(self) -> str:
        return f"{self.signal.get_absolute_url()}#attachments"


class AttachmentPiece(FilePiece):
    """A sealed piece of an attachment."""

    OF = "attachment"
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="pieces")

    objects: ClassVar[AttachmentPieceQuerySet] = AttachmentPieceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(FilePiece.Meta):
        constraints = [
            models.CheckConstraint(
                name="piece_is_of_the_original_or_of_what_was_made_anew",
                condition=FilePiece.KNOWN_PART,
            ),
            models.UniqueConstraint(
                name="piece_of_an_attachment_is_kept_once",
                fields=["attachment", "part", "offset"],
            ),
        ]
