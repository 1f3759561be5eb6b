"""Reads of signals and of what belongs to them; each begins with `visible_to`."""

from signals.querysets.desk import (
    EscalationQuerySet,
    FeedbackQuerySet,
    MergingQuerySet,
    ParkingQuerySet,
    QuestionQuerySet,
    ReadingQuerySet,
)
from signals.querysets.items import (
    AmendmentQuerySet,
    ItemKeyQuerySet,
    ItemQuerySet,
    OffshootQuerySet,
    WithdrawalQuerySet,
)
from signals.querysets.library import AnswerQuerySet, DeepeningQuerySet, IndicatorQuerySet
from signals.querysets.settings import LayoutMappingQuerySet, ServiceLevelsQuerySet
from signals.querysets.signal import (
    ABROAD,
    MUNICIPAL,
    HomeLists,
    ImportBatchQuerySet,
    ImportRefusalQuerySet,
    JudgementQuerySet,
    Late,
    NarrativeQuerySet,
    SignalQuerySet,
    TriageLate,
    TrueCount,
    home_lists,
)

__all__ = [
    "ABROAD",
    "MUNICIPAL",
    "AmendmentQuerySet",
    "AnswerQuerySet",
    "DeepeningQuerySet",
    "EscalationQuerySet",
    "FeedbackQuerySet",
    "HomeLists",
    "ImportBatchQuerySet",
    "ImportRefusalQuerySet",
    "IndicatorQuerySet",
    "ItemKeyQuerySet",
    "ItemQuerySet",
    "JudgementQuerySet",
    "Late",
    "LayoutMappingQuerySet",
    "MergingQuerySet",
    "NarrativeQuerySet",
    "OffshootQuerySet",
    "ParkingQuerySet",
    "QuestionQuerySet",
    "ReadingQuerySet",
    "ServiceLevelsQuerySet",
    "SignalQuerySet",
    "TriageLate",
    "TrueCount",
    "WithdrawalQuerySet",
    "home_lists",
]
