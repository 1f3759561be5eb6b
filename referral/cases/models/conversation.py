"""What both sides of a handoff say to each other before an answer, and what is packed anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.cases.models.handoff import Handoff
from referral.cases.querysets import HandoffQuestionQuerySet, HandoffRevisionQuerySet
from referral.lib.ids import uuid7

A_HASH = r"^[0-9a-f]{64}$"


class HandoffQuestion(models.Model):
    """The receiver asks before answering, the sender replies (vraag bij een overdracht).

    Both are sealed under the key of the person. Who does not take the case over reads neither
    any more once that is said.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="questions")
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    sealed_reply = models.BinaryField(null=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[HandoffQuestionQuerySet] = HandoffQuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handoff_reply_has_words_time_and_name",
                condition=Q(sealed_reply=None, replied_at=None, replied_by=None)
                | Q(
                    sealed_reply__isnull=False,
                    replied_at__isnull=False,
                    replied_by__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="handoff_has_one_open_question",
                fields=["handoff"],
                condition=Q(replied_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.pk}"

    def seal_words(self, text: str, *, key: DataKey, part: str) -> bytes:
        """The words of a `part`: question or reply."""
        return seal({"text": text}, key=key, about=self._about(part))

    def opened_words(self, sealed: bytes | memoryview, *, key: DataKey, part: str) -> str:
        """Raises `crypto.Unreadable` when the key, the row or the part is another."""
        return str(unseal(bytes(sealed), key=key, about=self._about(part))["text"])

    def _about(self, part: str) -> str:
        return f"cases_handoffquestion|{self.pk}|{part}|1"


class HandoffRevision(models.Model):
    """The package, packed anew during a handoff (nieuwe versie van het overdrachtspakket).

    Each names the hash of the one that it replaces, so that the chain shows what was on offer
    at which moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="revisions")
    version = models.PositiveSmallIntegerField()
    package_hash = models.CharField(max_length=64)
    replaced_hash = models.CharField(max_length=64)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")

    objects: ClassVar[HandoffRevisionQuerySet] = HandoffRevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handoff_revision_replaces_another_package",
                condition=Q(package_hash__regex=A_HASH, replaced_hash__regex=A_HASH)
                & ~Q(package_hash=F("replaced_hash")),
            ),
            models.UniqueConstraint(
                name="handoff_revisions_are_numbered", fields=["handoff", "version"]
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.version} of {self.handoff_id}"
