from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.cases.models.case import Case
from referral.cases.querysets import CareNoteQuerySet
from referral.lib.ids import uuid7


class CareNote(models.Model):
    """What a coordinator writes about the care (zorgnotitie): sealed, and never changed.

    Read only by care coordinators whose organisation holds the full file.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", db_index=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")

    objects: ClassVar[CareNoteQuerySet] = CareNoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("care note")
        verbose_name_plural = _("care notes")
        indexes = [models.Index(fields=["case", "written_at"], name="note_by_case")]

    def __str__(self) -> str:
        return f"Note {self.pk}"

    def seal_text(self, text: str, *, key: DataKey) -> None:
        self.sealed = seal({"text": text}, key=key, about=self._about)

    def opened_text(self, *, key: DataKey) -> str:
        """The words. Raises `crypto.Unreadable` when the key or the row is another."""
        return str(unseal(bytes(self.sealed), key=key, about=self._about)["text"])

    @property
    def _about(self) -> str:
        return f"cases_carenote|{self.pk}|1"
