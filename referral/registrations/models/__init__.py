"""Reports of presumed victims to the national desk, and their link to a signal."""

from referral.registrations.models.codes import (
    Crossing,
    HelpWanted,
    Level,
    Missing,
    ReferrerType,
    Sector,
    WithdrawalReason,
)
from referral.registrations.models.registration import Registration, SignalLink

__all__ = [
    "Crossing",
    "HelpWanted",
    "Level",
    "Missing",
    "ReferrerType",
    "Registration",
    "Sector",
    "SignalLink",
    "WithdrawalReason",
]
