"""Lists of persons laid beside each other, however they are written."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bench.crowd import crowd, queries
from referral.persons.rules import KnownPersons, Line, SheetRefused, read_sheet
from referral.persons.rules.dates import read_birth

KNOWN = """\
\ufeffKenmerk;Voornamen;Tussenvoegsel;Achternaam;Geboortedatum;Telefoon;Bijnamen
a;Wilhelmina Canary;van;Zangvogel;23-7-1991;0698765432;Vogeltje
b;Йордан;;Птичков;1990-00-00;;
c;王小芳;;;;;
d;Luka;;Nachtegaal;31-12-1988;;
"""
QUERIES = """\
id,name,date of birth,numbers
1,"Zangvogel, Wilhelmina",07/23/1991,
2,Jordan Ptichkov,03/04/1990,
3,Wang Xiaofang,,
4,Nobody Known,,"+31 6 98765432"
5,Luca Nachtegal,12/30/1988,"999990019, 2876543210"
6,Somebody Else,hatched,
"""


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "known.csv").write_text(KNOWN)
    (tmp_path / "queries.csv").write_text(QUERIES)
    return [str(tmp_path / "known.csv"), str(tmp_path / "queries.csv")]


def test_two_lists_of_other_shapes_and_scripts_are_matched_without_a_database(lists):
    printed, said = StringIO(), StringIO()
    call_command("match_persons", *lists, stdout=printed, stderr=said)
    rows = list(csv.DictReader(printed.getvalue().splitlines()))
    assert {(row["query_id"], row["known_id"]) for row in rows} == {
        ("1", "a"), ("2", "b"), ("3", "c"), ("4", "a"), ("5", "d"),
    }  # fmt: skip
    assert rows[0]["reasons"] == "names that look alike; same birth date"
    assert all(row["rank"] == "1" and 72 <= int(row["score"]) <= 100 for row in rows)
    assert "line 7: 'hatched' is no birth date; compared without it" in said.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column id; its columns are: none"),
        (b"name,birth date\nA,1990\n", "no column id; its columns are: name, birth date"),
        (b"id,colour\n1,red\n", "no column with a name"),
        (b"id,name\n", "a header and no persons"),
        (b"id,name\n,Zangvogel\n", "line 2 has no id"),
        (b"id,name\n1,A\n1,B\n", "'1' stands there twice"),
        (b"id,name\n1,Zo\xeb\n", "line 2 is not UTF-8"),
        (b"PK\x03\x04rest", "a workbook"),
    ],
)
def test_a_file_that_is_no_list_of_persons_is_refused_in_words(content, said):
    with pytest.raises(SheetRefused, match=said):
        read_sheet(content, warn=print)


def test_a_file_that_is_not_there_is_said_to_be_missing(lists):
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("match_persons", "nowhere.csv", lists[1], stdout=StringIO())


@pytest.mark.parametrize(
    ("written", "month_first", "read"),
    [
        ("1991-07-23", True, ("1991-07-23", "exact", "")),
        ("23.7.1991", False, ("1991-07-23", "exact", "")),
        ("3/4/1991", False, ("1991-04-03", "exact", "")),
        ("3/4/1991", True, ("1991-03-04", "exact", "")),
        ("19910723", False, ("1991-07-23", "exact", "")),
        ("1991-07-23 00:00:00", False, ("1991-07-23", "exact", "")),
        ("23 mrt 91", False, ("1991-03-23", "exact", "")),
        ("7-1991", False, ("1991-07", "month", "")),
        ("00-00-1991", False, ("1991", "year", "")),
        ("ca. 1991", False, ("1991", "estimated", "")),
        ("1988 - 1994", False, ("1988", "estimated", "1994")),
        ("", False, ("", "", "")),
    ],
)
def test_a_birth_date_is_read_as_far_as_it_is_written(written, month_first, read):
    assert read_birth(written, month_first=month_first) == read


@pytest.mark.parametrize("written", ["hatched", "31-02-1991", "12", "1-2-3-4"])
def test_what_is_no_birth_date_is_not_guessed(written):
    with pytest.raises(ValueError):  # noqa: PT011 -- the caller says where it stands
        read_birth(written)


def test_a_crowd_with_mistakes_is_found_again_with_few_candidates():
    people = crowd(2000)
    known = KnownPersons(Line(str(place), facts) for place, facts in enumerate(people))
    asked = list(queries(people, 400))
    found = [[one for one, _likeness in known.like(query.facts)[:3]] for query in asked]
    hit = sum(str(query.known) in ids for query, ids in zip(asked, found, strict=True))
    assert hit / len(asked) >= 0.97
    assert sum(map(len, found)) / len(asked) <= 3
