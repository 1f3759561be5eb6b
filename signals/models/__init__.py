"""What a signal is, what only the expert centre knows of it, and how many come in at once."""

from signals.models.desk import (
    Escalation,
    Merging,
    Parking,
    Question,
    ReceiverFeedback,
    SecondReading,
)
from signals.models.imports import FilePiece, ImportBatch, ImportRefusal, SeenContent
from signals.models.signal import (
    AgeGroup,
    Channel,
    Exploitation,
    Judgement,
    PlaceKind,
    Sex,
    Signal,
    SignalNarrative,
    WorldRegion,
)

__all__ = [
    "AgeGroup",
    "Channel",
    "Escalation",
    "Exploitation",
    "FilePiece",
    "ImportBatch",
    "ImportRefusal",
    "Judgement",
    "Merging",
    "Parking",
    "PlaceKind",
    "Question",
    "ReceiverFeedback",
    "SecondReading",
    "SeenContent",
    "Sex",
    "Signal",
    "SignalNarrative",
    "WorldRegion",
]
