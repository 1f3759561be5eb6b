"""Finding and ordering municipalities."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from referral.geography.models import CareRegion, FormerStanding, Municipality

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2026, 1, 1)


def names(queryset):
    return list(queryset.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sudwest", ["Súdwest-Fryslân"]),
        ("SÚDWEST", ["Súdwest-Fryslân"]),
        ("zuidwest-friesland", ["Súdwest-Fryslân"]),
        ("den haag", ["'s-Gravenhage"]),
        ("'s-gravenhage", ["'s-Gravenhage"]),
        ("\N{RIGHT SINGLE QUOTATION MARK}s-Hertogen", ["'s-Hertogenbosch"]),
        ("gm0363", ["Amsterdam"]),
        ("  Urk ", ["Urk"]),
        ("100%", []),
    ],
)
def test_a_municipality_is_found_by_what_people_type(words, found):
    assert names(Municipality.objects.matching(words)) == found


def test_a_municipality_is_found_by_a_former_name_and_shown_once():
    for year in (2023, 2024):
        FormerStanding.objects.create(
            municipality_id="GM0363",
            name=f"Mokum {year}",
            province_id="PV27",
            safety_region_id="VR13",
            valid=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
        )

    assert names(Municipality.objects.matching("mokum")) == ["Amsterdam"]


def test_the_order_is_that_of_a_dutch_atlas():
    some = Municipality.objects.filter(
        name__in=[
            "'s-Gravenhage",
            "'s-Hertogenbosch",
            "Gouda",
            "Groningen",
            "Heusden",
            "Súdwest-Fryslân",
            "Steenwijkerland",
            "Texel",
            "IJsselstein",
            "Hulst",
        ]
    )

    assert names(some.in_dutch_order()) == [
        "Gouda",
        "'s-Gravenhage",
        "Groningen",
        "'s-Hertogenbosch",
        "Heusden",
        "Hulst",
        "IJsselstein",
        "Steenwijkerland",
        "Súdwest-Fryslân",
        "Texel",
    ]


def test_the_choices_of_a_form_are_codes_and_names_in_order():
    choices = Municipality.objects.valid_on(NEW_YEAR).choices()

    assert len(choices) == 342
    assert choices[:2] == [("GM1680", "Aa en Hunze"), ("GM0358", "Aalsmeer")]


def test_a_merger_counts_from_its_first_day():
    Municipality.objects.filter(cbs_code="GM0363").update(
        valid=DateRange(date(2023, 1, 1), date(2027, 1, 1))
    )

    assert "Amsterdam" in names(Municipality.objects.valid_on(date(2026, 12, 31)))
    assert "Amsterdam" not in names(Municipality.objects.valid_on(date(2027, 1, 1)))


def test_a_care_region_has_its_municipalities_of_the_day():
    ede = CareRegion.objects.get(code="CR0228")
    here = Municipality.objects.in_care_region_on(ede, NEW_YEAR)

    assert names(here.in_dutch_order()) == [
        "Barneveld",
        "Ede",
        "Nijkerk",
        "Scherpenzeel",
        "Wageningen",
    ]
    assert not Municipality.objects.in_care_region_on(ede, date(2022, 12, 31))


def test_the_table_costs_two_queries_however_long(django_assert_num_queries):
    with django_assert_num_queries(2):
        lines = list(Municipality.objects.valid_on(NEW_YEAR).with_regions_on(NEW_YEAR))
        for line in lines:
            assert line.safety_region.police_unit.name
            assert line.links_of_the_day[0].care_region.centre_municipality.name
