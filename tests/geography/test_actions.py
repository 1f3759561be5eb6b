"""A new official list, and another care region, change the map and the audit trail together."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.geography.actions import apply_municipality_list, assign_care_region
from referral.geography.models import CareRegion, FormerStanding, Municipality
from referral.geography.rules import AssignmentRefused, ListedMunicipality, ListRefused
from referral.organisations.roles import Role
from tests.factories.people import make_member
from tests.geography.lists import NEW_YEAR, list_of, merger, todays_lines

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OLD_YEARS_DAY = date(2026, 12, 31)


def follow(new):
    return apply_municipality_list(new, by=None, at=AT)


def on_record(action):
    with acting(make_member(Role.AUDITOR), purpose="test"):
        return list(AuditEvent.objects.filter(action=action))


def reasons_against(new):
    before = list(Municipality.objects.order_by("pk").values_list())
    with pytest.raises(ListRefused) as refusal:
        follow(new)
    assert list(Municipality.objects.order_by("pk").values_list()) == before
    return refusal.value.messages


def test_a_merger_ends_the_old_and_opens_the_new_in_the_same_regions():
    follow(merger())

    old = Municipality.objects.get(cbs_code="GM0203")
    new = Municipality.objects.get(cbs_code="GM9001")
    assert (old.valid.upper, old.successor) == (NEW_YEAR, new)
    assert (new.valid.lower, new.valid.upper, new.safety_region_id) == (NEW_YEAR, None, "VR07")
    assert Municipality.objects.valid_on(OLD_YEARS_DAY).count() == 342
    assert Municipality.objects.valid_on(NEW_YEAR).count() == 341
    assert old.care_region_on(OLD_YEARS_DAY) == CareRegion.objects.get(code="CR0228")
    assert old.care_region_on(NEW_YEAR) is None
    link = new.care_links.valid_on(NEW_YEAR).get()
    assert (link.care_region_id, link.inferred) == ("CR0228", True)


def test_after_a_merger_every_municipality_is_still_in_one_care_region():
    follow(merger())

    for municipality in Municipality.objects.valid_on(NEW_YEAR):
        assert municipality.care_links.valid_on(NEW_YEAR).count() == 1


def test_a_merger_is_on_record_once_with_what_changed():
    new = merger()
    follow(new)
    follow(new)

    [line] = on_record("municipality_list_applied")
    assert line.ids == ["GM0203", "GM0279", "GM9001"]


def test_the_same_list_twice_changes_nothing_the_second_time():
    new = merger()
    assert follow(new)

    assert not follow(new)


def test_a_list_that_says_what_the_map_says_is_not_on_record():
    assert not follow(list_of(todays_lines()))

    assert on_record("municipality_list_applied") == []


def test_a_municipality_may_go_up_in_one_that_stays():
    lines = todays_lines()
    del lines["GM0279"]

    follow(list_of(lines, GM0279="GM0203"))

    barneveld = Municipality.objects.get(cbs_code="GM0203")
    assert barneveld.valid.upper is None
    assert [old.name for old in barneveld.predecessors.all()] == ["Scherpenzeel"]


def test_a_successor_may_be_named_afterwards():
    lines = todays_lines()
    del lines["GM0279"]
    follow(list_of(lines))

    changes = follow(list_of(lines, GM0279="GM0203"))

    assert (changes.ended, dict(changes.successors)) == ((), {"GM0279": "GM0203"})
    assert Municipality.objects.get(cbs_code="GM0279").successor_id == "GM0203"


def test_a_rename_keeps_the_former_name():
    lines = todays_lines()
    lines["GM0203"] = replace(lines["GM0203"], name="Barneveld-Voorthuizen")
    follow(list_of(lines))

    assert Municipality.objects.get(cbs_code="GM0203").name == "Barneveld-Voorthuizen"
    former = FormerStanding.objects.get()
    assert (former.name, former.valid.upper) == ("Barneveld", NEW_YEAR)


def test_a_second_rename_goes_on_where_the_first_ended():
    lines = todays_lines()
    for year, name in ((2027, "Bareveld"), (2028, "Voorthuizen")):
        lines["GM0203"] = replace(lines["GM0203"], name=name)
        follow(list_of(lines, valid_from=date(year, 1, 1)))

    first, second = FormerStanding.objects.order_by("valid")
    assert (first.name, second.name) == ("Barneveld", "Bareveld")
    assert first.valid.upper == second.valid.lower == NEW_YEAR


def test_a_correction_of_the_same_day_leaves_no_former_name():
    lines = todays_lines()
    for name in ("Bareveld", "Voorthuizen"):
        lines["GM0203"] = replace(lines["GM0203"], name=name)
        follow(list_of(lines))

    assert [former.name for former in FormerStanding.objects.all()] == ["Barneveld"]


def test_a_municipality_may_move_to_another_province_and_safety_region():
    lines = todays_lines()
    lines["GM0279"] = replace(lines["GM0279"], province_code="PV26", safety_region_code="VR09")
    follow(list_of(lines))

    moved = Municipality.objects.get(cbs_code="GM0279")
    assert (moved.province_id, moved.safety_region_id) == ("PV26", "VR09")
    former = moved.former_standings.get()
    assert (former.province_id, former.safety_region_id) == ("PV25", "VR07")


def test_a_centre_that_merges_hands_its_care_region_on():
    lines = todays_lines()
    del lines["GM0228"], lines["GM0279"]
    lines["GM9001"] = ListedMunicipality("GM9001", "Edeveen", "PV25", centre_code="GM9001")
    follow(list_of(lines, GM0228="GM9001", GM0279="GM9001"))

    care_region = CareRegion.objects.get(code="CR0228")
    assert care_region.centre_municipality_id == "GM9001"
    link = care_region.links.get(municipality="GM9001")
    assert link.inferred is False


def test_a_new_municipality_needs_regions_that_are_certain():
    lines = todays_lines()
    lines["GM9001"] = ListedMunicipality("GM9001", "Nieuwland", "PV25")

    assert reasons_against(list_of(lines)) == [
        (
            "Nieuwland (GM9001) is new and its safety region is not certain: name its predecessors "
            "in the file of successors, or add a column Veiligheidsregiocode."
        ),
        (
            "Nieuwland (GM9001) is new and its care region is not certain: name its predecessors "
            "in the file of successors, or add a column Centrumgemeentecode."
        ),
    ]


def test_a_new_municipality_may_bring_its_regions_along():
    lines = todays_lines()
    lines["GM9001"] = ListedMunicipality("GM9001", "Nieuwland", "PV25", "VR07", "GM0228")
    follow(list_of(lines))

    nieuwland = Municipality.objects.get(cbs_code="GM9001")
    assert nieuwland.safety_region_id == "VR07"
    assert nieuwland.care_region_on(NEW_YEAR) == CareRegion.objects.get(code="CR0228")


def test_predecessors_of_different_regions_make_a_region_uncertain():
    lines = todays_lines()
    del lines["GM0203"], lines["GM0340"]  # Barneveld in VR07 and Rhenen in VR09
    lines["GM9001"] = ListedMunicipality("GM9001", "Nieuwland", "PV25", centre_code="GM0228")

    [reason] = reasons_against(list_of(lines, GM0203="GM9001", GM0340="GM9001"))
    assert "Veiligheidsregiocode" in reason


def test_a_centre_that_is_none_is_refused():
    lines = todays_lines()
    del lines["GM0203"]
    lines["GM9001"] = ListedMunicipality("GM9001", "Nieuwland", "PV25", centre_code="GM0279")

    [reason] = reasons_against(list_of(lines, GM0203="GM9001"))
    assert "Centrumgemeentecode" in reason


def test_regions_that_do_not_exist_are_refused():
    lines = todays_lines()
    lines["GM0203"] = replace(lines["GM0203"], province_code="PV99", safety_region_code="VR99")

    assert reasons_against(list_of(lines)) == [
        "Barneveld (GM0203): there is no province PV99.",
        "Barneveld (GM0203): there is no safety region VR99.",
    ]


def test_a_cut_off_list_is_refused():
    lines = dict(list(todays_lines().items())[:300])

    assert reasons_against(list_of(lines)) == [
        "This list would end 42 municipalities. Is the file complete?"
    ]


def test_a_list_older_than_the_map_is_refused():
    follow(merger())

    assert reasons_against(list_of(todays_lines(), valid_from=OLD_YEARS_DAY)) == [
        "The map already changed on 2027-01-01; a list of 2026-12-31 comes too late."
    ]


def test_a_code_is_never_given_out_twice():
    before = todays_lines()
    follow(merger())
    lines = todays_lines() | {"GM0279": before["GM0279"]}

    assert reasons_against(list_of(lines, valid_from=date(2028, 1, 1))) == [
        "Scherpenzeel (GM0279) has ended before; CBS never gives a code out twice."
    ]


def test_what_begins_on_a_day_cannot_end_on_it():
    follow(merger())
    lines = todays_lines()
    del lines["GM9001"]

    assert reasons_against(list_of(lines, GM9001="GM0228")) == [
        "Valleirijk began on this very day and cannot end on it."
    ]


def test_a_centre_does_not_end_without_a_successor():
    lines = todays_lines()
    del lines["GM0228"]

    assert reasons_against(list_of(lines)) == [
        "Ede is the centre of a care region: name its successor."
    ]


@pytest.mark.parametrize("heir", ["GM0202", "GM9001"], ids=["a centre", "heir of two centres"])
def test_nobody_becomes_the_centre_of_two_care_regions(heir):
    lines = todays_lines()
    successors = {"GM0228": heir}
    del lines["GM0228"]
    if heir == "GM9001":
        successors["GM0202"] = heir
        del lines["GM0202"]
        lines[heir] = ListedMunicipality(heir, "Edernhem", "PV25", centre_code=heir)

    reasons = reasons_against(list_of(lines, **successors))
    assert (
        "Ede is the centre of a care region and its successor would be the centre of two: "
        "give its municipalities another care region first."
    ) in reasons


def test_successors_that_cannot_be_are_refused():
    follow(merger())
    new = list_of(
        todays_lines(),
        valid_from=date(2028, 1, 1),
        GM8888="GM0228",
        GM0202="GM0228",
        GM0203="GM0228",
        GM0279="GM7777",
    )

    assert reasons_against(new) == [
        "Successors: there is no municipality GM8888.",
        "Successors: GM0202 is in the list, so it has no successor.",
        "Successors: GM0203 ended on another day.",
        "Successors: GM0279 ended on another day.",
        "Successors: GM7777 is not in the list.",
    ]


def assign(code, care_region, day=NEW_YEAR):
    return assign_care_region(
        Municipality.objects.get(cbs_code=code),
        to=CareRegion.objects.get(code=care_region),
        valid_from=day,
        by=None,
        at=AT,
    )


def test_a_municipality_goes_to_another_care_region_from_a_day_on():
    assign("GM0203", "CR0202")

    barneveld = Municipality.objects.get(cbs_code="GM0203")
    assert barneveld.care_region_on(OLD_YEARS_DAY) == CareRegion.objects.get(code="CR0228")
    assert barneveld.care_region_on(NEW_YEAR) == CareRegion.objects.get(code="CR0202")
    assert barneveld.care_links.valid_on(NEW_YEAR).get().inferred is False
    [line] = on_record("care_region_assigned")
    assert line.ids == ["GM0203"]


def test_the_presumed_care_region_can_be_confirmed():
    assign("GM0203", "CR0228")
    assign("GM0203", "CR0228")

    link = Municipality.objects.get(cbs_code="GM0203").care_links.get()
    assert (link.inferred, link.valid.lower) == (False, date(2023, 1, 1))
    assert len(on_record("care_region_assigned")) == 1


def test_an_assignment_of_the_same_day_is_a_correction():
    assign("GM0203", "CR0202")
    assign("GM0203", "CR0200")

    barneveld = Municipality.objects.get(cbs_code="GM0203")
    assert barneveld.care_links.count() == 2
    assert barneveld.care_region_on(NEW_YEAR) == CareRegion.objects.get(code="CR0200")


@pytest.mark.parametrize(
    ("code", "day", "reason"),
    [
        ("GM0203", date(2022, 1, 1), "Barneveld does not exist on 2022-01-01."),
        ("GM0203", date(2026, 6, 1), "The care region of Barneveld changes later."),
        ("GM0228", NEW_YEAR, "Ede is the centre of its care region."),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(code, day, reason):
    assign("GM0203", "CR0202")

    with pytest.raises(AssignmentRefused) as refusal:
        assign(code, "CR0200", day)
    assert refusal.value.messages == [reason]
