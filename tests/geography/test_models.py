"""What the database itself refuses, and what a municipality can tell."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from referral.geography.models import (
    CareRegion,
    CareRegionMunicipality,
    FormerStanding,
    Municipality,
    PoliceUnit,
    Province,
    SafetyRegion,
)

pytestmark = pytest.mark.django_db

FOR_EVER = DateRange(date(2023, 1, 1), None)


def municipality(**different):
    facts = {
        "cbs_code": "GM9001",
        "name": "Zandvliet",
        "province_id": "PV30",
        "safety_region_id": "VR20",
        "valid": FOR_EVER,
    }
    return Municipality(**facts | different)


def former(**different):
    facts = {
        "municipality_id": "GM0363",
        "name": "Amsterdam",
        "province_id": "PV27",
        "safety_region_id": "VR13",
        "valid": DateRange(date(2023, 1, 1), date(2024, 1, 1)),
    }
    return FormerStanding(**facts | different)


def safety_region(**different):
    facts = {"code": "VR26", "name": "Waddenzee", "province_id": "PV21", "police_unit_id": "RE01"}
    return SafetyRegion(**facts | different)


IMPOSSIBLE = [
    ("province_code_is_pv20_to_pv31", Province(code="PV32", name="Holland")),
    ("two_provinces_never_share_a_name", Province(code="PV20", name="Drenthe")),
    ("police_unit_code_is_re01_to_re10", PoliceUnit(code="RE11", name="Noordzee")),
    ("two_police_units_never_share_a_name", PoliceUnit(code="RE01", name="Limburg")),
    ("safety_region_code_is_vr01_to_vr25", safety_region()),
    ("two_safety_regions_never_share_a_name", safety_region(code="VR01", name="Twente")),
    ("municipality_code_is_gm_and_four_digits", municipality(cbs_code="GM90")),
    ("municipality_has_a_name", municipality(name="")),
    ("municipality_has_a_first_day", municipality(valid=DateRange(None, None))),
    (
        "municipality_has_a_first_day",
        municipality(valid=DateRange(date(2026, 1, 1), date(2026, 1, 1))),
    ),
    ("municipality_with_a_successor_has_ended", municipality(successor_id="GM0363")),
    (
        "municipality_does_not_succeed_itself",
        municipality(
            cbs_code="GM0363",
            successor_id="GM0363",
            valid=DateRange(date(2023, 1, 1), date(2027, 1, 1)),
        ),
    ),
    (
        "two_municipalities_never_share_a_name_at_one_time",
        municipality(name="Amsterdam", valid=DateRange(date(2026, 12, 31), None)),
    ),
    (
        "former_standing_has_a_first_and_a_last_day",
        former(valid=DateRange(date(2023, 1, 1), None)),
    ),
    (
        "former_standing_has_a_first_and_a_last_day",
        former(valid=DateRange(None, date(2024, 1, 1))),
    ),
    (
        "care_region_code_is_cr_and_four_digits",
        CareRegion(code="VO0203", name="Barneveld", centre_municipality_id="GM0203"),
    ),
    (
        "two_care_regions_never_share_a_name",
        CareRegion(code="CR0203", name="Ede", centre_municipality_id="GM0203"),
    ),
    (
        "municipality_is_the_centre_of_one_care_region",
        CareRegion(code="CR0203", name="Barneveld", centre_municipality_id="GM0228"),
    ),
    (
        "care_link_has_a_first_day",
        CareRegionMunicipality(
            care_region_id="CR0228",
            municipality_id="GM0203",
            valid=DateRange(None, date(2020, 1, 1)),
            inferred=False,
        ),
    ),
    (
        "municipality_is_in_one_care_region_at_a_time",
        CareRegionMunicipality(
            care_region_id="CR0202",
            municipality_id="GM0203",
            valid=DateRange(date(2026, 6, 1), date(2026, 6, 2)),
            inferred=False,
        ),
    ),
]


@pytest.mark.parametrize(("sentence", "row"), IMPOSSIBLE)
def test_the_database_refuses_what_cannot_be(sentence, row):
    with pytest.raises(IntegrityError, match=sentence):
        row.save()


def test_a_municipality_stands_in_one_way_at_a_time():
    former().save()

    with pytest.raises(IntegrityError, match="municipality_stood_in_one_way_at_a_time"):
        former(name="Mokum", valid=DateRange(date(2023, 12, 31), date(2025, 1, 1))).save()


def test_every_constraint_of_the_map_is_broken_once():
    broken = {sentence for sentence, _row in IMPOSSIBLE}
    declared = {
        constraint.name
        for model in (
            Province,
            PoliceUnit,
            SafetyRegion,
            Municipality,
            FormerStanding,
            CareRegion,
            CareRegionMunicipality,
        )
        for constraint in model._meta.constraints
    }

    assert declared - broken == {"municipality_stood_in_one_way_at_a_time"}


def test_a_name_is_free_again_from_the_day_its_municipality_ends():
    Municipality.objects.filter(cbs_code="GM0363").update(
        valid=DateRange(date(2023, 1, 1), date(2027, 1, 1))
    )
    municipality(name="Amsterdam", valid=DateRange(date(2027, 1, 1), None)).save()

    assert Municipality.objects.filter(name="Amsterdam").count() == 2


def test_a_municipality_knows_its_care_region_on_a_day():
    barneveld = Municipality.objects.get(cbs_code="GM0203")

    assert barneveld.care_region_on(date(2026, 1, 1)) == CareRegion.objects.get(code="CR0228")
    assert barneveld.care_region_on(date(2022, 12, 31)) is None


@pytest.mark.parametrize(
    "row",
    [
        Province(name="Drenthe"),
        PoliceUnit(name="Limburg"),
        SafetyRegion(name="Twente"),
        municipality(),
        former(),
        CareRegion(name="Ede"),
    ],
)
def test_places_are_shown_by_their_name(row):
    assert str(row) == row.name


def test_a_link_is_shown_by_its_codes():
    link = CareRegionMunicipality(care_region_id="CR0228", municipality_id="GM0203")
    assert str(link) == "GM0203 in CR0228"
