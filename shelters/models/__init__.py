"""Shelters, their beds, requests for a place, and placements."""

from shelters.models.codes import (
    BedKind,
    EndReason,
    Expertise,
    Funding,
    NeedCode,
    RefusalReason,
    RevealPurpose,
    SecurityLevel,
    Sexes,
    ShelterType,
    TargetGroup,
    Urgency,
)
from shelters.models.contract import MOST_PLACES, Contract
from shelters.models.emergency import EmergencyPlacement
from shelters.models.family import FamilyStay
from shelters.models.placement import Placement, PlacementRequest
from shelters.models.shelter import Bed, BedOutage, Shelter, ShelterAddress
from shelters.models.term import ShelterTerm

__all__ = [
    "MOST_PLACES",
    "Bed",
    "BedKind",
    "BedOutage",
    "Contract",
    "EmergencyPlacement",
    "EndReason",
    "Expertise",
    "FamilyStay",
    "Funding",
    "NeedCode",
    "Placement",
    "PlacementRequest",
    "RefusalReason",
    "RevealPurpose",
    "SecurityLevel",
    "Sexes",
    "Shelter",
    "ShelterAddress",
    "ShelterTerm",
    "ShelterType",
    "TargetGroup",
    "Urgency",
]
