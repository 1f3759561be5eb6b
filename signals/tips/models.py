"""The way back from a code to a tip: a slow keyed hash, and nothing else about who told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from signals.models import Signal
from signals.tips.querysets import TipQuerySet


class Tip(models.Model):
    """A signal that a citizen sent without a name (tip).

    What was told stands in the signal. Of the code there is only its hash; no address, no
    browser and no session stand anywhere.
    """

    signal = models.OneToOneField(Signal, models.PROTECT, primary_key=True, related_name="tip")
    code_hash = models.BinaryField()

    objects: ClassVar[TipQuerySet] = TipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="code_of_a_tip_leads_to_one_tip", fields=["code_hash"]),
        ]

    def __str__(self) -> str:
        return str(self.signal_id)
