"""What a signal is, what only the expert centre knows of it, and how many come in at once."""

from signals.models.desk import Merging, Parking, Question, SecondReading
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
    "Exploitation",
    "FilePiece",
    "ImportBatch",
    "ImportRefusal",
    "Judgement",
    "Merging",
    "Parking",
    "PlaceKind",
    "Question",
    "SecondReading",
    "SeenContent",
    "Sex",
    "Signal",
    "SignalNarrative",
    "WorldRegion",
]
