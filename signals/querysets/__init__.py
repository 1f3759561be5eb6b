"""Reads of signals and of what belongs to them; each begins with `visible_to`."""

from signals.querysets.desk import (
    EscalationQuerySet,
    FeedbackQuerySet,
    MergingQuerySet,
    ParkingQuerySet,
    QuestionQuerySet,
    ReadingQuerySet,
)
from signals.querysets.library import AnswerQuerySet, DeepeningQuerySet, IndicatorQuerySet
from signals.querysets.signal import (
    ABROAD,
    MUNICIPAL,
    HomeLists,
    ImportBatchQuerySet,
    ImportRefusalQuerySet,
    JudgementQuerySet,
    NarrativeQuerySet,
    SignalQuerySet,
    TrueCount,
    home_lists,
)

__all__ = [
    "ABROAD",
    "MUNICIPAL",
    "AnswerQuerySet",
    "DeepeningQuerySet",
    "EscalationQuerySet",
    "FeedbackQuerySet",
    "HomeLists",
    "ImportBatchQuerySet",
    "ImportRefusalQuerySet",
    "IndicatorQuerySet",
    "JudgementQuerySet",
    "MergingQuerySet",
    "NarrativeQuerySet",
    "ParkingQuerySet",
    "QuestionQuerySet",
    "ReadingQuerySet",
    "SignalQuerySet",
    "TrueCount",
    "home_lists",
]
