"""Reasons for and against a bed, in words; the same for the same input."""

import pytest

from referral.geography.models import SafetyRegion
from shelters.models import Bed, PlacementRequest, Shelter
from shelters.rules import fit

REGION = SafetyRegion(code="VR01", name="Here")


@pytest.mark.parametrize(
    ("shelter", "request_", "words", "hard"),
    [
        ({"sexes": "male"}, {}, "takes in men and boys only", True),
        ({}, {"age_group": "12-14"}, "takes in adults only", True),
        ({"min_age": 12, "max_age": 17}, {}, "takes in minors only", True),
        ({}, {"avoid_region": REGION}, "lies in the region to avoid", True),
        ({"security": "open"}, {"needs": ["secret"]}, "has no secret address", True),
        ({}, {"needs": ["children"]}, "has no room for children", False),
        ({}, {"needs": ["wheelchair"]}, "is not accessible by wheelchair", False),
        ({}, {"needs": ["addiction", "mental_health"]}, "is not made for multiple problems", False),
    ],
)
def test_what_speaks_against_a_bed_is_said(
    shelter: dict[str, object], request_: dict[str, object], words: str, *, hard: bool
) -> None:
    found = fit(*bed_and_request(shelter, request_))
    assert found.against == [words]
    assert found.hard == hard


@pytest.mark.parametrize(
    ("shelter", "request_", "words"),
    [
        ({"type": "cosm"}, {}, "for victims of trafficking"),
        ({"security": "secret"}, {}, "secret address"),
        ({"type": "omm"}, {"needs": ["addiction"]}, "expertise on multiple problems"),
        ({"children": True}, {"needs": ["children"]}, "children are welcome"),
    ],
)
def test_what_speaks_for_a_bed_is_said(
    shelter: dict[str, object], request_: dict[str, object], words: str
) -> None:
    found = fit(*bed_and_request(shelter, request_))
    assert words in found.reasons
    assert not found.against


def test_of_unknown_age_and_sex_nothing_is_held_against_anybody() -> None:
    facts = {"sexes": "female", "min_age": 12, "max_age": 17}
    bed, request = bed_and_request(facts, {"sex": "unknown", "age_group": "unknown"})
    assert not fit(bed, request).against


def bed_and_request(
    shelter: dict[str, object], request: dict[str, object]
) -> tuple[Bed, PlacementRequest]:
    facts = {"type": "vo", "code_name": "A", "safety_region": REGION, **shelter}
    answers = {"urgency": "2_day", "sex": "female", "age_group": "23-29", **request}
    return Bed(code="1", shelter=Shelter(**facts)), PlacementRequest(**answers)
