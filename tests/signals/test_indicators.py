"""The library: whole, in both languages, by version, and public."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from signals.facts import CHAPTERS, Rewritten, facts, load
from signals.models import Chapter, Indicator, Strength, TargetGroup

pytestmark = pytest.mark.django_db
FACTS = facts()
#: How many signs each part of the library holds, without what speaks against.
SIGNS = {"A": 18, "B": 14, "C": 14, "D": 11, "E": 7, "F": 7, "G": 8, "H": 8, "K": 4}
CHANGED = date(2026, 3, 1)


@pytest.fixture
def owner():
    """The role that migrates: only it writes the library."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_owner")
        yield
        cursor.execute("SET LOCAL ROLE baken_web")


def reworded(code="A01"):
    """The facts, with new words for one indicator from a day on."""
    [old] = [fact for fact in FACTS if fact.code == code]
    new = replace(
        old, version=2, text_nl="Anders", text_en="Otherwise", valid=DateRange(CHANGED, None)
    )
    closed = replace(old, valid=DateRange(old.valid.lower, CHANGED))
    return [closed if fact is old else fact for fact in FACTS] + [new]


def test_the_library_is_whole():
    signs = [fact for fact in FACTS if fact.strength != Strength.CONTRA]

    assert {letter: sum(f.code[0] == letter for f in signs) for letter in SIGNS} == SIGNS
    assert {fact.chapter for fact in FACTS if fact.strength == Strength.CONTRA} == set(
        Chapter.values
    )
    assert set(CHAPTERS.values()) == set(Chapter.values)
    assert Indicator.objects.count() == len(FACTS)


def test_every_indicator_says_something_else_in_each_language():
    assert len({fact.text_nl for fact in FACTS}) == len(FACTS)
    assert len({fact.text_en for fact in FACTS}) == len(FACTS)
    assert [fact.code for fact in FACTS if fact.text_nl == fact.text_en] == []


def test_all_eleven_indicators_of_the_ilo_stand_in_it():
    assert {number for fact in FACTS for number in fact.ilo} == set(range(1, 12))


@pytest.mark.usefixtures("owner")
def test_a_second_sync_changes_nothing():
    assert load(Indicator.objects, FACTS) == 0
    call_command("sync_indicators", verbosity=0)
    assert Indicator.objects.count() == len(FACTS)


@pytest.mark.usefixtures("owner")
def test_new_words_are_a_new_version_and_the_old_one_ends_that_day():
    assert load(Indicator.objects, reworded()) == 1

    old, new = Indicator.objects.filter(code="A01").order_by("version")
    assert (old.valid.upper, new.valid.lower) == (CHANGED, CHANGED)
    assert [one.version for one in Indicator.objects.valid_on(CHANGED).filter(code="A01")] == [2]
    assert old.text_en == "In immediate danger, locked in or guarded"


@pytest.mark.usefixtures("owner")
def test_a_version_that_was_shown_is_not_rewritten(monkeypatch):
    rewritten = [replace(FACTS[0], text_en="Otherwise"), *FACTS[1:]]
    with pytest.raises(Rewritten, match="A01 version 1"):
        load(Indicator.objects, rewritten)
    monkeypatch.setattr("signals.management.commands.sync_indicators.facts", lambda: rewritten)
    with pytest.raises(CommandError, match="Write a new version"):
        call_command("sync_indicators", verbosity=0)


BROKEN = {
    "indicator_code_is_a_letter_and_two_digits": {"code": "Z1"},
    "indicator_is_described_in_known_words": {"strength": "weak"},
    "indicator_is_for_somebody": {"target_groups": []},
    "indicator_names_ilo_numbers_1_to_11": {"ilo": [12]},
    "indicator_is_written_in_both_languages_with_its_source": {"text_nl": ""},
    "indicator_holds_since_a_day": {"valid": DateRange(None, date(2020, 1, 1))},
    "version_of_an_indicator_is_written_once": {
        "version": 1,
        "valid": DateRange(date(2020, 1, 1), date(2020, 2, 1)),
    },
    "indicator_has_one_version_at_a_time": {"version": 2},
}


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("name", BROKEN)
def test_an_indicator_keeps_the_sentence(name):
    said = {slot: getattr(FACTS[0], slot) for slot in type(FACTS[0]).__slots__}
    if name not in (
        "version_of_an_indicator_is_written_once",
        "indicator_has_one_version_at_a_time",
    ):
        said |= {"code": "A77"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Indicator.objects.create(**{**said, **BROKEN[name]})


@pytest.mark.usefixtures("owner")
def test_the_database_keeps_the_words_of_a_version_also_from_its_owner():
    with pytest.raises(IntegrityError, match="indicator_keeps_its_words"), transaction.atomic():
        Indicator.objects.filter(code="A01").update(text_en="Otherwise")
    with pytest.raises(IntegrityError, match="indicator_keeps_its_words"), transaction.atomic():
        Indicator.objects.filter(code="A01")._raw_delete("default")


def test_the_web_process_does_not_write_the_library():
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Indicator.objects.filter(code="A01").update(valid=DateRange(CHANGED, None))


def page(**asked):
    return Client(headers={"accept-language": "en"}).get("/indicators/", asked)


def test_everyone_reads_the_library_in_two_languages():
    english = page()
    assert english.status_code == 200
    assert "Nothing ticked never means that somebody is safe" in english.text
    dutch = Client(headers={"accept-language": "nl"}).get("/indicators/")
    assert "Others hold identity papers" in english.text
    assert "Anderen houden identiteitspapieren" in dutch.text
    assert "/indicators/" in Client().get("/").text


def test_the_library_is_filtered_in_the_address():
    labour = page(form="labour").text
    assert "Extreme hours, no rest day" in labour
    assert "Lover-boy pattern" not in labour

    everyone = page(group=TargetGroup.CITIZEN).text
    assert "Repeated reports on same address" not in everyone
    assert "Others hold identity papers" in everyone

    assert "Extreme hours, no rest day" in page(form="nonsense", group="x").text


@pytest.mark.usefixtures("owner")
def test_the_library_shows_the_version_of_today():
    load(Indicator.objects, reworded())

    shown = page(form="general").text
    assert (timezone.localdate() >= CHANGED) is ("Otherwise" in shown)
    assert ("In immediate danger, locked in" in shown) is not ("Otherwise" in shown)
