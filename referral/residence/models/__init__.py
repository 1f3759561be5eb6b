"""Shape and truth of residence: the file, its three lines, its terms."""

from referral.residence.models.codes import (
    OF_REPORT,
    REFLECTION_TERMS,
    Certainty,
    ContinuedGround,
    DeadlineKind,
    EndReason,
    Ground,
    NonPunishment,
    NoReport,
    OfferGround,
    TermCode,
)
from referral.residence.models.file import ResidenceFile, Step
from referral.residence.models.lines import PoliceReport, PoliceSide, Reflection, Track
from referral.residence.models.terms import Alert, Deadline, TermLength

__all__ = [
    "OF_REPORT",
    "REFLECTION_TERMS",
    "Alert",
    "Certainty",
    "ContinuedGround",
    "Deadline",
    "DeadlineKind",
    "EndReason",
    "Ground",
    "NoReport",
    "NonPunishment",
    "OfferGround",
    "PoliceReport",
    "PoliceSide",
    "Reflection",
    "ResidenceFile",
    "Step",
    "TermCode",
    "TermLength",
    "Track",
]
