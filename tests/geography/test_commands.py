"""The importer at the command line: first a look, then the deed."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from referral.geography.models import Municipality
from referral.geography.rules import ListedMunicipality
from tests.geography.lists import as_csv, todays_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """Tomorrow's list: a merger, a rename and a move."""
    lines = todays_lines()
    del lines["GM0203"], lines["GM0279"]
    lines["GM9001"] = ListedMunicipality("GM9001", "Valleirijk", "PV25")
    lines["GM0363"] = ListedMunicipality("GM0363", "Mokum", "PV27")
    lines["GM0340"] = ListedMunicipality("GM0340", "Rhenen", "PV25")
    return lines


@pytest.fixture
def bring(tmp_path):
    """Run the importer on these lines and give back what it says."""

    def run(lines, *options, successors="GM0203;GM9001\nGM0279;GM9001\n"):
        file, heirs = tmp_path / "list.csv", tmp_path / "heirs.csv"
        file.write_text(lines if isinstance(lines, str) else as_csv(lines), encoding="utf-8")
        if successors:
            heirs.write_text(successors, encoding="utf-8")
            options = (*options, "--successors", heirs)
        said = StringIO()
        call_command("import_municipalities", file, *options, stdout=said)
        return said.getvalue().splitlines()

    return run


def test_a_dry_run_says_what_would_change_and_changes_nothing(bring, lines):
    before = list(Municipality.objects.order_by("pk").values_list())

    assert bring(lines, "--valid-from", "2027-01-01") == [
        "new      Valleirijk (GM9001): PV25, VR07, CR0228 (presumed)",
        "gone     Barneveld (GM0203): GM9001",
        "gone     Scherpenzeel (GM0279): GM9001",
        "moved    Rhenen (GM0340): PV26 VR09 to PV25 VR09",
        "renamed  Amsterdam (GM0363): Mokum",
        "Nothing was changed. With --apply the map follows this list from 2027-01-01.",
    ]
    assert list(Municipality.objects.order_by("pk").values_list()) == before


def test_apply_writes_what_the_dry_run_said(bring, lines):
    shown = bring(lines, "--valid-from", "2027-01-01")
    written = bring(lines, "--valid-from", "2027-01-01", "--apply")

    assert written[:-1] == shown[:-1]
    assert written[-1] == "Written: the map follows this list from 2027-01-01."
    assert Municipality.objects.get(cbs_code="GM0363").name == "Mokum"


def test_the_second_time_there_is_nothing_to_do(bring, lines):
    bring(lines, "--valid-from", "2027-01-01", "--apply")

    for option in ([], ["--apply"]):
        assert bring(lines, "--valid-from", "2027-01-01", *option) == [
            "The map of 2027-01-01 already is as this list says."
        ]


def test_a_successor_that_is_named_later_is_shown(bring):
    lines = todays_lines()
    del lines["GM0279"]
    first = bring(lines, "--valid-from", "2027-01-01", "--apply", successors=None)
    then = bring(lines, "--valid-from", "2027-01-01", successors="GM0279;GM0203")

    assert first[0] == "gone     Scherpenzeel (GM0279): no successor named"
    assert then[0] == "heir     GM0279: GM0203"


@time_machine.travel("2027-06-15 12:00:00+00:00")
def test_without_a_day_a_list_holds_from_the_first_of_january(bring):
    assert bring(todays_lines(), successors=None) == [
        "The map of 2027-01-01 already is as this list says."
    ]


def test_a_broken_file_is_refused_in_sentences_and_leaves_nothing(bring):
    with pytest.raises(CommandError) as refusal:
        bring("Gemeentecode;Gemeentenaam\n1;Aa", "--apply")

    assert str(refusal.value) == "Nothing was changed.\nThe column Provinciecode is missing."


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"list\.csv: No such file or directory"):
        call_command("import_municipalities", tmp_path / "list.csv")


def assign(*words):
    said = StringIO()
    call_command("assign_care_region", *words, stdout=said)
    return said.getvalue()


def test_a_care_region_is_assigned():
    assert assign("GM0203", "CR0202", "--valid-from", "2027-01-01") == (
        "Barneveld is in care region Arnhem since 2027-01-01.\n"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("GM9999", "CR0202"), "There is no municipality GM9999."),
        (("GM0203", "CR9999"), "There is no care region CR9999."),
        (("GM0228", "CR0202"), "Ede is the centre of its care region."),
    ],
)
def test_an_assignment_that_cannot_be_is_told_in_a_sentence(words, reason):
    with pytest.raises(CommandError, match=reason):
        assign(*words)
