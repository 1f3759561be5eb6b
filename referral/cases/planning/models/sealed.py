from __future__ import annotations

from django.db import models

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal


class Sealed(models.Model):
    """Words about a person, under the person's own key: erasing the key erases them."""

    sealed = models.BinaryField()

    class Meta:
        abstract = True

    def seal_words(self, words: str, *, key: DataKey) -> None:
        self.sealed = seal({"words": words}, key=key, about=self._about)

    def opened_words(self, *, key: DataKey) -> str:
        """Raises `crypto.Unreadable` when the key or the row is another."""
        return str(unseal(bytes(self.sealed), key=key, about=self._about)["words"])

    @property
    def _about(self) -> str:
        return f"{self._meta.db_table}|{self.pk}|1"
