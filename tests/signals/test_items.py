"""Whom and what a signal names: sealed, found by equal keys, and read with the right eyes."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import open_signal, submit_signal, submit_signals
from signals.forms import AmendForm
from signals.models import Absence, Item, ItemKey, KeyKind, Sex, Signal
from signals.rules import (
    EDITIONS,
    ItemEntry,
    SignalRefused,
    edition_now,
    item_keys,
    names_in,
    said_errors,
)
from signals.rules.catalogue import FIRST
from signals.rules.naming import ABSENCES
from signals.rules.questions import Edition
from signals.views.said import item_groups, said_facts
from tests.factories.people import make_member
from tests.factories.signals import AT, ROWS, item, make_draft, make_signal, said
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db


def test_the_rows_lie_sealed_and_open_for_who_reads_the_story(alice):
    rich = said(alice, *ROWS, control="none")
    signal = submit_signal(make_draft(said=rich), by=alice, at=AT)

    opened = open_signal(signal, by=alice, at=AT)
    assert [one.entry for one in opened.items] == sorted(ROWS, key=lambda row: row.kind)
    assert replace(opened.said, items=()) == replace(rich, items=())
    stored = raw("SELECT role, sex, sealed FROM signals_item WHERE kind = 'person' ORDER BY 1")
    assert [(role, sex) for role, sex, _ in stored] == [
        ("suspect", "unknown"),
        ("victim", "female"),
    ]
    assert not any(b"Alice" in bytes(sealed) for *_, sealed in stored)


def test_every_kind_has_its_keys_in_one_spelling():
    keys = {key for row in ROWS for key in item_keys(row)}
    assert keys == {
        (KeyKind.WORDS_AND_YEAR, "alice voorbeeld|1990"),
        (KeyKind.NAME_AND_DATE, "alice voorbeeld|1990-12-31"),
        (KeyKind.WORDS_AND_YEAR, "mallory verzonnen|1970"),
        (KeyKind.SOUND, "als frblt"),
        (KeyKind.SOUND, "frsn mlr"),
        (KeyKind.ADDRESS, "1011AB 12A"),
        (KeyKind.PLATE, "XX99YY"),
        (KeyKind.PHONE, "+31612345678"),
        (KeyKind.IBAN, "NL91ABNA0417164300"),
        (KeyKind.PROFILE, "instagram voorbeeld_1"),
        (KeyKind.KVK, "12345678"),
        (KeyKind.EMAIL, "info@fictief.example"),
        (KeyKind.DOMAIN, "fictief.example"),
    }
    half = (
        item("vehicle", plate="X"),
        item("person", given_names="Alice"),
        item("place", where="x"),
    )
    assert not any(item_keys(row) for row in half)
    assert item_keys(item("account", sort="email", account="a@gmail.com")) == {
        (KeyKind.EMAIL, "a@gmail.com")
    }


def test_equal_keys_of_others_are_found_by_the_expert_centre_alone():
    alice, charlie = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE)
    one = make_signal(by=alice, said=said(alice, item("vehicle", plate="XX-99-YY")))
    van = item("vehicle", plate="xx 99 yy")
    other = make_signal(by=charlie, said=said(charlie, van, item("phone", number="0612345678")))
    make_signal(by=charlie)

    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        found = ItemKey.objects.visible_to(analyst).equal_to(one)
        assert [(key.signal_id, key.kind) for key in found] == [(other.pk, KeyKind.PLATE)]
    for member in (alice, charlie):
        with acting(member, purpose="test"):
            assert ItemKey.objects.count() == (1 if member == alice else 2)
            assert not ItemKey.objects.visible_to(member).equal_to(one).exists()
            assert Item.objects.count() == (1 if member == alice else 2)


def test_nobody_adds_to_anothers_signal_or_in_anothers_name():
    alice, charlie = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE)
    signal = make_signal(by=alice)
    for member, name in ((charlie, charlie), (alice, charlie)):
        with (
            acting(member, purpose="test"),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            Item.objects.create(**row(signal, name))


def row(signal, by, **changes):
    given = {
        "signal": signal, "kind": "person", "position": 1, "sex": Sex.UNKNOWN, "sealed": b"x" * 29,
        "added_at": timezone.now(), "added_by": by.user,
    }  # fmt: skip
    return {**given, **changes}


SENTENCES = {
    "item_is_of_a_known_kind": {"kind": "pet", "sex": ""},
    "item_role_is_known": {"role": "king"},
    "only_a_person_has_a_sex": {"kind": "vehicle"},
    "items_are_counted_from_one": {"position": 0},
    "item_leaves_after_it_came": {"left_in": 0},
    "item_is_sealed": {"sealed": b"x"},
    "item_has_a_place_of_its_own": {},
}


def test_an_item_and_a_key_keep_their_sentences(alice):
    signal = make_signal(by=alice)
    kept = Item.objects.create(**row(signal, alice))
    for name, changes in SENTENCES.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Item.objects.create(**row(signal, alice, **changes))
    key = {"signal": signal, "item": kept, "kind": "phone", "hmac": b"x" * 32}
    ItemKey.objects.create(**key)
    for name, changes in {
        "item_key_is_of_a_known_kind": {"kind": "shoe", "hmac": b"y" * 32},
        "item_key_is_a_hash_of_32_bytes": {"hmac": b"x"},
        "item_key_stands_once_for_an_item": {},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ItemKey.objects.create(**{**key, **changes})
    with (
        pytest.raises(IntegrityError, match="item_that_left_only_loses_words"),
        transaction.atomic(),
    ):
        Item.objects.update(sealed=b"y" * 29)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Item.objects.update(role="suspect")


def test_the_questions_of_another_organisation_and_unknown_rows_are_refused(alice):
    inspector = make_member(Role.LE_NLA)
    with pytest.raises(SignalRefused, match="not the questions of your organisation"):
        submit_signal(make_draft(said=said(inspector, sector="catering")), by=alice, at=AT)
    unknown = ItemEntry(kind="phone", answers={"colour": "red"})
    wrong = said_errors(said(alice, unknown), today=timezone.localdate())
    assert wrong == {"phone-1-colour": "This form does not ask for: colour."}
    assert not Signal.objects.exists()


def test_an_old_record_keeps_the_words_in_which_it_was_asked(alice, monkeypatch):
    signal = make_signal(
        by=alice,
        said=said(alice, item("vehicle", plate="XX-99-YY"), control="home", control_met="3"),
    )
    police = FIRST.profiles["police"]
    anew = replace(
        police,
        questions=tuple(replace(one, label="In other words") for one in police.questions),
        groups=tuple(replace(one, title="Something else") for one in police.groups),
    )
    monkeypatch.setitem(EDITIONS, 99, Edition(99, {**FIRST.profiles, "police": anew}))

    opened = open_signal(signal, by=alice, at=AT)

    assert said_facts(opened.said)[0] == ("Was it seen at a control visit?", "House or flat")
    [group] = item_groups(opened.items, opened.said)
    assert (group.title, group.items[0].facts[0]) == ("Vehicles", ("Number plate", "XX-99-YY"))
    newer = make_signal(by=alice, said=said(alice, control="home", control_met="3"))
    assert said_facts(open_signal(newer, by=alice, at=AT).said)[0][0] == "In other words"


def test_a_period_is_a_day_a_month_or_a_year_and_ends_after_it_began(alice):
    """And a signal of the first edition, which asked for none, is still read and changed."""
    today = date(2026, 11, 20)
    for since, until, wrong in [
        ("2025", "", ""), ("03-2026", "2026", ""), ("2026-10", "2026-10-02", ""),
        ("31-12-2026", "", "since"), ("2018-2020", "", "since"), ("30-02-2026", "", "since"),
        ("1850", "", "since"), ("10-2026", "09-2026", "until"), ("2026", "straks", "until"),
    ]:  # fmt: skip
        row = item("period", since=since, **({"until": until} if until else {}))
        errors = said_errors(said(alice, row), today=today)
        assert list(errors) == ([f"period-1-{wrong}"] if wrong else []), (since, until, errors)

    old = make_signal(by=alice, said=replace(said(alice, item("vehicle", plate="XX")), edition=1))
    form = AmendForm(member=alice, opened=open_signal(old, by=alice, at=AT))
    assert form["vehicle-rows"].value() == 1
    assert [rows.group.kind for rows in form.groups()][2] == "period"


def test_no_answer_is_kept_by_the_code_of_a_reason_for_having_none():
    """As entry refused at a border once was: it was read as somebody who would not say."""
    for profile in edition_now().profiles.values():
        questions = (*profile.questions, *(q for group in profile.groups for q in group.questions))
        for question in questions:
            assert not {one.code for one in question.choices} & set(Absence.values), question.name
            assert not {one.said for one in question.choices} & set(ABSENCES), question.name


def test_names_numbers_and_addresses_are_seen_in_a_story():
    story = (
        "Zij heet Alice. Haar baas, Bob van den Voorbeeld, belt met 06-12345678 en"
        " mailt van a@b.example. In de keuken in Amsterdam slaapt mevrouw Jansen."
    )
    assert names_in(story) == [
        "Alice", "Bob van den Voorbeeld", "06-12345678", "a@b.example", "Jansen",
    ]  # fmt: skip
    assert names_in("De vrouw slaapt in de keuken van een restaurant in Amsterdam.") == []


def test_many_signals_are_written_in_the_same_number_of_statements(alice):

    draft = make_draft(said=said(alice, *ROWS))
    counts = []
    for number in (2, 5):
        with CaptureQueriesContext(connection) as queries:
            submit_signals([draft] * number, by=alice, at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]
