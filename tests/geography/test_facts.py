"""The map of 2026 that the migration loads."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from referral.geography.models import (
    CareRegion,
    CareRegionMunicipality,
    Municipality,
    PoliceUnit,
    Province,
    SafetyRegion,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2026, 1, 1)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference data lies beside the repository, and is not here"
)


def reference(name):
    with (SHARED / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_map_of_2026_is_complete():
    assert Province.objects.count() == 12
    assert SafetyRegion.objects.count() == 25
    assert PoliceUnit.objects.count() == 10
    assert Municipality.objects.valid_on(NEW_YEAR).count() == 342
    assert CareRegion.objects.count() == 35


def test_every_municipality_is_in_exactly_one_care_region():
    links = CareRegionMunicipality.objects.valid_on(NEW_YEAR)
    in_how_many = Counter(links.values_list("municipality_id", flat=True))

    everyone = Municipality.objects.valid_on(NEW_YEAR).values_list("cbs_code", flat=True)
    assert in_how_many == dict.fromkeys(everyone, 1)


def test_a_centre_municipality_is_in_its_own_care_region_and_that_is_certain():
    for care_region in CareRegion.objects.select_related("centre_municipality"):
        link = care_region.centre_municipality.care_links.valid_on(NEW_YEAR).get()
        assert (link.care_region, link.inferred) == (care_region, False)


def test_only_the_centres_are_certain():
    assert CareRegionMunicipality.objects.filter(inferred=False).count() == 35


def test_every_safety_region_has_municipalities_in_its_own_province():
    for region in SafetyRegion.objects.prefetch_related("municipalities"):
        provinces = {municipality.province_id for municipality in region.municipalities.all()}
        assert provinces == {region.province_id}


@needs_shared_data
def test_the_municipalities_are_those_of_the_reference():
    links = CareRegionMunicipality.objects.valid_on(NEW_YEAR).select_related(
        "municipality__province",
        "municipality__safety_region__police_unit",
        "care_region__centre_municipality",
    )
    ours = {
        (
            link.municipality.cbs_code,
            link.municipality.name,
            link.municipality.province_id,
            link.municipality.province.name,
            link.municipality.safety_region_id,
            link.municipality.safety_region.name,
            link.municipality.safety_region.police_unit.name,
            link.care_region.centre_municipality.name,
            link.inferred,
        )
        for link in links
    }

    assert ours == {
        (
            row["cbs_code"],
            row["name"],
            row["province_code"],
            row["province"],
            row["safety_region_code"],
            row["safety_region"],
            row["police_unit"],
            row["vo_centre"],
            row["vo_source"] != "official-list",
        )
        for row in reference("municipalities_reference")
    }


@needs_shared_data
def test_the_regions_are_those_of_the_reference():
    assert set(Province.objects.values_list("code", "name")) == {
        (row["code"], row["name"]) for row in reference("provinces")
    }
    assert set(
        SafetyRegion.objects.values_list("code", "name", "province__name", "police_unit__name")
    ) == {
        (row["code"], row["name"], row["province"], row["police_unit"])
        for row in reference("safety_regions")
    }
    assert set(
        CareRegion.objects.values_list("centre_municipality_id", "centre_municipality__name")
    ) == {
        (row["centre_cbs_code"], row["centre_name"]) for row in reference("centre_municipalities")
    }
