"""What a signal may be printed for; who reads it may print it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signals.rules import SignalRefused


class PrintPurpose(models.TextChoices):
    """What the paper is for; it stands on each page (doel van de afdruk)."""

    FILE = "file", gettext_lazy("The file of our own organisation")
    MEETING = "meeting", gettext_lazy("A meeting about this signal")
    VISIT = "visit", gettext_lazy("A look on the spot, outside the office")
    PROCEEDINGS = "proceedings", gettext_lazy("Legal help or proceedings")


def check_purpose(purpose: str) -> PrintPurpose:
    """Raise SignalRefused where the paper would be for nothing."""
    if purpose not in PrintPurpose.values:
        raise SignalRefused({"purpose": _("Say what the paper is for.")})
    return PrintPurpose(purpose)
