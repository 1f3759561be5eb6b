"""Reading files: every row is read or refused by itself, and a broken file as a whole."""

import tracemalloc
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from signals.facts import layouts
from signals.forms import FileBroken, check_head, count_rows, profile_of, read_rows
from signals.forms.fields import AbsurdPeriod, read_period
from signals.rules import read_layout

CTDC = profile_of(read_layout(layouts()[0].content))
CTDC_COLUMNS = CTDC.columns
HEADER = ",".join(CTDC_COLUMNS)
TODAY = date(2026, 11, 21)


def row(**cells):
    return ",".join(cells.get(name, "") for name in CTDC_COLUMNS)


def file_of(*rows, header=HEADER):
    return ["\n".join([header, *rows, ""]).encode()]


def only(*rows, header=HEADER):
    [read] = read_rows(file_of(*rows, header=header), CTDC)
    return read


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("31-12-2025", date(2025, 12, 31), date(2026, 1, 1)),
        ("1/2/2026", date(2026, 2, 1), date(2026, 2, 2)),
        ("1 2 2026", date(2026, 2, 1), date(2026, 2, 2)),
        ("2026-02-01", date(2026, 2, 1), date(2026, 2, 2)),
        ("12-2025", date(2025, 12, 1), date(2026, 1, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("2014-2018", date(2014, 1, 1), date(2019, 1, 1)),
        (" Vandaag ", TODAY, date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20), TODAY),
    ],
)
def test_a_period_is_read_as_people_write_it(text, first, after):
    assert read_period(text, today=TODAY) == DateRange(first, after)


def test_no_text_is_no_period():
    assert read_period("  ", today=TODAY) is None


@pytest.mark.parametrize("text", ["soon", "20260101", "1-1-26", "2026-2027-2028", "12-12-12-2025"])
def test_other_words_are_no_period(text):
    with pytest.raises(ValueError, match=r".+") as refusal:
        read_period(text, today=TODAY)
    assert not isinstance(refusal.value, AbsurdPeriod)


@pytest.mark.parametrize("text", ["31-6-2025", "13-2025", "2018-2014", "0000", "9999"])
def test_a_day_that_does_not_exist_is_absurd(text):
    with pytest.raises(AbsurdPeriod):
        read_period(text, today=TODAY)


def test_a_row_says_who_what_where_and_when():
    draft = only(
        row(
            yearRegister="2014-2018",
            gender="Female",
            majorityStatus="Minor",
            isForcedLabour="1",
            isSexualExploit="1",
            UN_COE_Region="Americas/Oceania",
            IP_Gender="Female;Male",
        )
    ).draft

    assert draft.forms == ["sexual", "labour"]
    assert (draft.sex, draft.age_group, draft.n_victims) == ("female", "minor", 1)
    assert (draft.channel, draft.world_region) == ("international", "americas_oceania")
    assert draft.observed == DateRange(date(2014, 1, 1), date(2019, 1, 1))
    assert draft.details == {"source": "ctdc", "perpetrator_sex": ["Female", "Male"]}


def test_blank_is_not_stated():
    draft = only(row()).draft

    assert draft.forms == ["unknown"]
    assert (draft.sex, draft.age_group, draft.world_region) == ("unknown", "unknown", "unknown")
    assert draft.observed is None


def test_a_column_without_a_field_is_kept_with_the_story():
    draft = only(row() + ",kitchen", header=f"{HEADER},workplace").draft

    assert draft.details["workplace"] == ["kitchen"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"gender": "Femal"}, "gender: “Femal”"),
        ({"majorityStatus": "17"}, "majorityStatus: “17”"),
        ({"isForcedLabour": "yes"}, "isForcedLabour: “yes”"),
        ({"UN_COE_Region": "Mars"}, "UN_COE_Region: “Mars”"),
        ({"yearRegister": "long ago"}, "yearRegister: “long ago”"),
        ({"IP_Gender": "x" * 201}, "perpetrator_sex"),
    ],
)
def test_a_row_with_a_mistake_is_refused_with_column_and_value(cells, words):
    read = only(row(**cells))

    assert read.draft is None
    assert words in read.reason


def test_a_row_with_too_few_values_is_refused():
    read = only("Female,Adult")

    assert (read.line, read.draft) == (2, None)
    assert "2" in read.reason
    assert str(len(CTDC_COLUMNS)) in read.reason


def test_lines_are_counted_as_an_editor_counts_them():
    quoted = row(IP_Gender='"two\nlines"')
    rows = list(read_rows(file_of("", quoted, row(gender="Male")), CTDC))

    assert [read.line for read in rows] == [3, 5]


def test_the_order_of_columns_and_rows_does_not_change_what_a_row_says():
    turned = ",".join(reversed(CTDC_COLUMNS)).upper()
    cells = {"gender": "Male", "IP_PayMoney": "No;Yes"}
    other = ",".join(cells.get(name, "") for name in reversed(CTDC_COLUMNS))

    assert only(row(**cells)).content == only(other, header=turned).content
    assert only(row(**cells)).content != only(row(gender="Male")).content


def test_reading_goes_on_at_a_row():
    rows = [row(gender="Male"), row(gender="Female"), row()]
    read = list(read_rows(file_of(*rows), CTDC, start=2))

    assert [(one.line, one.draft.sex) for one in read] == [(4, "unknown")]


def test_a_letter_may_be_cut_in_two_between_pieces():
    content = "\n".join([f"{HEADER},note", row() + ",café é"]).encode("utf-8-sig")
    for cut in range(len(content)):
        pieces = [content[:cut], content[cut:]]
        assert [read.draft.details["note"] for read in read_rows(pieces, CTDC)] == [["café é"]]


BROKEN = {
    "an empty file": ([], "empty"),
    "only white lines": ([b"\n\n"], "empty"),
    "no rows": (file_of(), "no rows"),
    "another file": ([b"<html>\n<body>hello</body>\n"], "does not name"),
    "a picture": ([b"\x89PNG\r\n\x1a\n\x00"], "UTF-8"),
    "windows letters": (["\n".join([HEADER, row(gender="caf\xe9")]).encode("latin-1")], "UTF-8"),
    "half a letter at the end": ([*file_of(row()), b"\xc3"], "UTF-8"),
    "UTF-16": (["\n".join([HEADER, row()]).encode("utf-16")], "UTF-8"),
    "a missing column": (file_of(row(), header=HEADER.replace("gender", "sekse")), "gender"),
    "a column twice": (file_of(row() + ",", header=f"{HEADER},gender"), "twice"),
    "semicolons": (file_of(header=HEADER.replace(",", ";")), "does not name"),
    "an open quote": (file_of(row(), '"' + row()), "CSV"),
    "a year to come": (file_of(row(), row(yearRegister="3014")), "Line 3: the year “3014”"),
    "a year long past": (file_of(row(yearRegister="0214")), "Line 2"),
    "two years run together": (file_of(row(yearRegister="20142018")), "“20142018”"),
    "years turned round": (file_of(row(yearRegister="2018-2014")), "“2018-2014”"),
    "a line without end": ([HEADER.encode(), b"\n", *[b"x" * 65536] * 3], "Line 2 is longer"),
    "a long line in one piece with others": (
        ["\n".join([HEADER, row(), row(), "x" * 65536, ""]).encode()],
        "Line 4 is longer",
    ),
    "a header without end": ([b"x" * 65536] * 3, "Line 1 is longer"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_as_a_whole(name):
    pieces, words = BROKEN[name]
    with pytest.raises(FileBroken, match=words):
        count_rows(pieces, CTDC)


def test_a_whole_file_is_counted():
    rows = [row(yearRegister=year) for year in ("", "2020", "2014-2018", "someday")]

    assert count_rows(file_of(*rows), CTDC) == 4


def test_the_head_is_enough_to_know_another_file():
    def endless():
        yield b"<html>\n"
        raise AssertionError("the head is enough")

    with pytest.raises(FileBroken, match="does not name"):
        check_head(endless(), CTDC)
    with pytest.raises(FileBroken, match="no rows"):
        check_head(file_of(), CTDC)
    check_head(file_of(row()), CTDC)


def test_a_line_of_200_megabytes_is_never_held():
    def endless():
        yield f"{HEADER}\n".encode()
        for _ in range(3200):
            yield b"x" * 65536

    tracemalloc.start()
    with pytest.raises(FileBroken):
        count_rows(endless(), CTDC)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_many_rows_need_no_more_memory_than_few():
    def many(count):
        yield f"{HEADER}\n".encode()
        for number in range(count):
            yield f"{row(IP_Gender=str(number))}\n".encode() * 10

    def most(count):
        tracemalloc.start()
        assert count_rows(many(count), CTDC) == count * 10
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    few = most(10)
    assert most(1000) < few * 2
