"""What a signal is and what deepens it, what only the expert centre knows, and imports."""

from signals.models.desk import Merging, Parking, Question, SecondReading
from signals.models.imports import FilePiece, ImportBatch, ImportRefusal, SeenContent
from signals.models.indicators import (
    ALWAYS,
    CHAPTERS_OF,
    Ages,
    Chapter,
    Deepening,
    DeepeningAnswer,
    Dimension,
    Indicator,
    Knowledge,
    Strength,
    TargetGroup,
)
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
    "ALWAYS",
    "CHAPTERS_OF",
    "AgeGroup",
    "Ages",
    "Channel",
    "Chapter",
    "Deepening",
    "DeepeningAnswer",
    "Dimension",
    "Exploitation",
    "FilePiece",
    "ImportBatch",
    "ImportRefusal",
    "Indicator",
    "Judgement",
    "Knowledge",
    "Merging",
    "Parking",
    "PlaceKind",
    "Question",
    "SecondReading",
    "SeenContent",
    "Sex",
    "Signal",
    "SignalNarrative",
    "Strength",
    "TargetGroup",
    "WorldRegion",
]
