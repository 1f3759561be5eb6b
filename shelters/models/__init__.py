"""Shelters, their beds, requests for a place, and placements."""

from shelters.models.codes import (
    BedKind,
    EndReason,
    NeedCode,
    RefusalReason,
    RevealPurpose,
    SecurityLevel,
    Sexes,
    ShelterType,
    Urgency,
)
from shelters.models.placement import Placement, PlacementRequest
from shelters.models.shelter import Bed, BedOutage, Shelter, ShelterAddress

__all__ = [
    "Bed",
    "BedKind",
    "BedOutage",
    "EndReason",
    "NeedCode",
    "Placement",
    "PlacementRequest",
    "RefusalReason",
    "RevealPurpose",
    "SecurityLevel",
    "Sexes",
    "Shelter",
    "ShelterAddress",
    "ShelterType",
    "Urgency",
]
