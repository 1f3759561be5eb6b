"""Reading the official files, and the questions of the look-up."""

from datetime import date

import pytest

from referral.geography.forms import LookUpForm, read_municipalities, read_successors
from referral.geography.rules import ListedMunicipality, ListRefused

CBS = """\
Gemeentecode;GemeentecodeGM;Gemeentenaam;Provinciecode;ProvinciecodePV;Provincienaam
1680;GM1680;Aa en Hunze;22;PV22;Drenthe
1900;GM1900;Súdwest-Fryslân;21;PV21;Fryslân
"""
READ = (
    ListedMunicipality("GM1680", "Aa en Hunze", "PV22"),
    ListedMunicipality("GM1900", "Súdwest-Fryslân", "PV21"),
)


@pytest.mark.parametrize(
    "text",
    [
        CBS,
        "\N{ZERO WIDTH NO-BREAK SPACE}" + CBS,
        CBS.replace(";", ","),
        CBS.replace(";", "\t"),
        CBS.replace("\n", "\r\n") + "\r\n;;;;;\r\n",
        "Gemeentenaam,Provinciecode,Gemeentecode\nAa en Hunze,22,1680\nSúdwest-Fryslân,21,1900",
        (
            'GEMEENTECODEGM;Inwoners;gemeentenaam;provinciecodePV\ngm1680;"1;2";Aa en Hunze;PV22\n'
            "GM1900;;Súdwest-Fryslân;pv21"
        ),
    ],
    ids=["as CBS", "with a mark", "commas", "tabs", "Windows", "bare numbers", "other columns"],
)
def test_the_layouts_of_cbs_are_read(text):
    assert read_municipalities(text.encode()) == READ


def test_regions_may_be_added():
    text = (
        "Gemeentecode;Gemeentenaam;Provinciecode;Veiligheidsregiocode;Centrumgemeentecode\n"
        "9001;Valleirijk;25;7;228\n"
        "0363;Amsterdam;27;;\n"
    )

    assert read_municipalities(text.encode()) == (
        ListedMunicipality("GM9001", "Valleirijk", "PV25", "VR07", "GM0228"),
        ListedMunicipality("GM0363", "Amsterdam", "PV27"),
    )


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        (b"", ["The file is empty."]),
        (b"\n ; \n", ["The file is empty."]),
        (CBS.encode("cp1252"), ["The file is not in UTF-8. Save it as CSV UTF-8."]),
        (CBS.encode("utf-16"), ["The file is not in UTF-8. Save it as CSV UTF-8."]),
        (
            CBS.encode().decode("cp1252").encode(),
            ["Line 3: “Súdwest-Fryslân” was spoilt. Save the file as CSV UTF-8."],
        ),
        (
            b"Code;Gemeentenaam\n1680;Aa en Hunze",
            ["The column Gemeentecode is missing.", "The column Provinciecode is missing."],
        ),
        (CBS.splitlines()[0].encode(), ["The file names no municipality."]),
        (
            b"Gemeentecode,Gemeentenaam,Provinciecode\nGM12345,Aa en Hunze,PV22\n0,,x\n12",
            [
                "Line 2: “GM12345” is not a code GM0000.",
                "Line 3: “0” is not a code GM0000.",
                "Line 3: “x” is not a code PV00.",
                "Line 3 has no name, or one that is too long.",
                "Line 4: “” is not a code PV00.",
                "Line 4 has no name, or one that is too long.",
            ],
        ),
        (
            b"Gemeentecode,Gemeentenaam,Provinciecode\n1,Aa,22\n0001,Bb,22\n3,Bb,22",
            ["“GM0001” stands in the file 2 times.", "“Bb” stands in the file 2 times."],
        ),
        (
            b"Gemeentecode,Gemeentenaam,Provinciecode,Veiligheidsregiocode\n1,Aa,22,VRX",
            ["Line 2: “VRX” is not a code VR00."],
        ),
    ],
    ids=[
        "empty",
        "only separators",
        "Windows text",
        "UTF-16",
        "opened as Windows text",
        "no columns",
        "no lines",
        "absurd codes",
        "twice",
        "absurd region",
    ],
)
def test_a_broken_list_is_refused_with_every_reason(content, reasons):
    with pytest.raises(ListRefused) as refusal:
        read_municipalities(content)

    expected = [reason.replace("Súdwest-Fryslân", "SÃºdwest-FryslÃ¢n") for reason in reasons]
    assert refusal.value.messages == expected


@pytest.mark.parametrize("text", ["oud;nieuw\n203;9001\nGM0279;GM9001\n", "GM0203,9001\n279,9001"])
def test_successors_are_read_with_or_without_headings(text):
    assert read_successors(text.encode()) == {"GM0203": "GM9001", "GM0279": "GM9001"}


def test_broken_successors_are_refused_with_every_reason():
    with pytest.raises(ListRefused) as refusal:
        read_successors(b"GM0203;GM9001\nGM0203;GM0228\nGM0279\nGM0228;GM0228\nGM1;GM2;GM3\nX;GM1")

    assert refusal.value.messages == [
        "Line 2: GM0203 is named before. Name the one that takes most over.",
        "Line 3 does not hold an old and a new code.",
        "Line 4 does not hold an old and a new code.",
        "Line 5 does not hold an old and a new code.",
        "Line 6 does not hold an old and a new code.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["31-12-2026", "2026-12-31", "31/12/2026"])
def test_a_day_may_be_written_the_dutch_way_or_as_iso(day):
    form = LookUpForm({"day": day})

    assert form.is_valid()
    assert form.chosen_day == date(2026, 12, 31)


@pytest.mark.django_db
def test_an_unknown_question_is_refused():
    form = LookUpForm({"words": "Urk", "page": "2", "sort": "name"})

    assert form.errors == {"__all__": ["This form does not ask for: sort."]}
    assert not form.found()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 342),
        ({"province": "PV24"}, 6),
        ({"safety_region": "VR13"}, 6),
        ({"police_unit": "RE10"}, 31),
        ({"care_region": "CR0228"}, 5),
        ({"words": "bergen", "province": "PV31"}, 1),
        ({"province": "PV24", "safety_region": "VR13"}, 0),
        ({"day": "2022-12-31"}, 0),
    ],
)
def test_the_answers_narrow_what_is_found(asked, count):
    assert LookUpForm({"day": "2026-01-01", **asked}).found().count() == count
