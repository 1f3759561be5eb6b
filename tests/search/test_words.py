"""What is found by which words, and by whom; a value that was removed is really gone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from referral.access.context import acting, service
from referral.access.secrets import seal
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from signals.actions import (
    amend_signal,
    answer_question,
    deepen_signal,
    submit_signals,
    unmerge_signal,
)
from signals.actions.intake import about_narrative
from signals.models import SignalNarrative
from signals.search import actions
from signals.search.actions.blinding import WORD, blind, lexemes_of
from signals.search.models import SearchEntry, StaleSignal
from signals.search.querysets import Asked
from signals.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.signals import findings, item, make_draft, make_signal, said, signal_at

pytestmark = pytest.mark.django_db
STORY = "Drie vrouwen slapen boven het restaurant; een blauwe bus haalt ze 's nachts op."


def references(found):
    return [hit.signal.reference for hit in found.hits]


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("vrouw restaurants", True),  # every word, by its Dutch stem
        ("vrouw vliegtuig", False),
        ("vliegtuig or bus", True),
        ('"blauwe bus"', True),  # a phrase
        ('"bus blauwe"', False),
        ("vrouw -bus", False),
        ("vrouw -vliegtuig", True),
        ("arbeidsuitbuiting", True),  # the words of a code, in Dutch
        ("Labour exploitation", True),  # and in English
        ("Amsterdam", True),
        ("o'brien \\ ' & | ! :* <->", False),  # no query language leaks through
    ],
)
def test_words_are_found_as_they_were_told(words, hit, index, search):
    signal = make_signal(facts=STORY)
    index()
    analyst = make_member(Role.EMM_ANALYST)

    found = search(analyst, words)

    assert references(found) == [signal.reference] * hit
    assert found.count == len(found.hits)


def test_a_reference_is_found_whole_and_by_its_number(index, search):
    signal, other = make_signal(), make_signal()
    index()
    analyst = make_member(Role.EMM_ANALYST)
    assert other.reference != signal.reference
    number = signal.reference.rpartition("-")[2]
    for words in (signal.reference, number, number.lstrip("0")):
        assert references(search(analyst, words)) == [signal.reference]


def test_a_question_an_answer_and_a_deepening_are_found_by_both_sides(index, search):
    alice, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.NEEDS_INFO, by=alice, analyst=analyst)
    with acting(alice, purpose="test"):
        answer_question(signal, answer="Kenteken onleesbaar.", by=alice, at=timezone.now())
        deepen_signal(signal, findings("C01", facts="Een rode sjaal."), by=alice, at=timezone.now())
    index()
    for member in (alice, analyst):
        for words in ("plate van", "kenteken onleesbaar", "rode sjaal", "kenteken sjaal"):
            assert references(search(member, words)) == [signal.reference], words


def test_what_the_desk_wrote_is_found_by_the_desk_alone(index, search):
    alice, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    judged = signal_at(Status.FORWARDED, by=alice, analyst=analyst)  # “Three facts agree.”
    parked = signal_at(Status.PARKED, by=alice, analyst=analyst)  # “A raid.”
    merged = signal_at(Status.MERGED, by=alice, analyst=analyst)  # “The same van.”
    index()
    for words, signal in (("facts agree", judged), ("raid", parked), ("same van", merged)):
        [hit] = search(analyst, words).hits
        assert (hit.signal, "<mark>" in hit.snippet) == (signal, True)
        assert search(alice, words).count == 0
    # One entry holds both sides' words, so that they can be asked for together.
    assert references(search(analyst, "canary agree")) == [judged.reference]
    with acting(analyst, purpose="test"):
        unmerge_signal(merged, by=analyst, at=timezone.now())
    index()
    assert search(analyst, "same van").count == 0


def test_a_word_that_was_taken_out_is_really_gone(index, search):
    alice, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    signal = make_signal(by=alice, facts="Zij heet Roodkapje.")
    with acting(alice, purpose="test"):
        deepen_signal(signal, findings(facts="Bij de wolf."), by=alice, at=timezone.now())
    index()
    assert search(analyst, "roodkapje wolf").count == 1
    before = vectors()
    with acting(alice, purpose="test"):
        again = findings(facts="Bij oma.", after=1)
        deepen_signal(signal, again, by=alice, at=timezone.now())
        key = SignalNarrative.objects.select_related("key").get(pk=signal.pk).key
    sealed = seal({"facts": "Zij is jong.", "details": {}}, key=key, about=about_narrative(signal))
    with connection.cursor() as cursor:  # as an amendment writes it
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "UPDATE signals_signalnarrative SET sealed = %s WHERE signal_id = %s",
            [sealed, signal.pk],
        )
        cursor.execute("SET LOCAL ROLE baken_web")
    index()

    assert [search(analyst, w).count for w in ("roodkapje", "wolf", "oma jong")] == [0, 0, 1]
    assert all(lost in before and lost not in vectors() for lost in hashes("roodkapje wolf"))


def hashes(words):
    [lexemes] = lexemes_of([words])
    return [blind(WORD, one.word) for one in lexemes]


def vectors():
    with acting(make_member(Role.EMM_ANALYST), purpose="test"):
        return " ".join(SearchEntry.objects.values_list("words", flat=True))


def test_what_is_named_is_found_until_an_amendment_takes_it_away(alice, index, search):
    van, bus = item("vehicle", plate="XX-99-YY"), item("vehicle", plate="ZZ-11-ZZ")
    signal = make_signal(by=alice, facts="Een verhaal.", said=said(alice, van))
    index()
    assert references(search(alice, "XX-99-YY")) == [signal.reference]

    with acting(alice, purpose="test"):
        anew = make_draft(facts="Een bericht.", said=said(alice, bus))
        amend_signal(signal, anew, reason="Misread.", after=0, by=alice, at=timezone.now())
    index()

    assert references(search(alice, "ZZ-11-ZZ")) == [signal.reference]
    assert references(search(alice, "bericht")) == [signal.reference]
    assert references(search(alice, "XX-99-YY")) == []
    assert references(search(alice, "verhaal")) == []


def test_an_index_names_no_word_and_the_trail_no_question(index, search):
    analyst = make_member(Role.EMM_ANALYST)
    make_signal(facts="Kanariewiek Jánssen sleeps in Utrecht, 06-12345678.")
    index()
    assert search(analyst, "Kanariewiek").count == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        rows = []
        for table in ("search_searchentry", "search_stalesignal", "audit_auditevent"):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- names of our own
            rows += [row.casefold() for (row,) in cursor.fetchall()]
        cursor.execute("SET LOCAL ROLE baken_web")
    for word in ("kanariewiek", "kanar", "janssen", "jánssen", "sleep", "utrecht", "12345678"):
        assert not [row for row in rows if word in row], word


def test_a_search_stands_in_the_trail_with_what_it_showed(index, search):
    signal, analyst = make_signal(facts=STORY), make_member(Role.EMM_ANALYST)
    index()
    search(analyst, "Blauwe bus", form="labour")
    search(analyst, "blauwe  BUS")
    with acting(make_member(Role.FG), purpose="test"):
        first, second = AuditEvent.objects.filter(action="signals_searched").order_by("pk")
    assert first.ids == second.ids == [str(signal.pk)]
    told, again = first.opened_details(), second.opened_details()
    assert (told["query"], len(told["query"])) == (again["query"], 64)
    assert told["filters"] == {"form": "labour", "order": "relevance"}


def test_indexing_twice_changes_nothing_and_only_the_index_may(index):
    make_signal(facts=STORY)
    assert index() > 0
    before = vectors()
    assert index() == 0
    with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
        assert actions.mark_all_stale(by=relay, at=timezone.now()) == 1
        assert index() == 1
        assert not StaleSignal.objects.exists()
    assert vectors() == before
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        for deed in (actions.index_changes, actions.mark_all_stale):
            with pytest.raises(PermissionDenied):
                deed(by=analyst, at=timezone.now())


def test_a_snippet_marks_the_words_and_never_becomes_markup(index, search):
    make_signal(facts="Een <script>alert(1)</script> blauwe\x02 bus & meer.")
    index()
    [hit] = search(make_member(Role.EMM_ANALYST), "bus").hits

    assert "<mark>bus</mark> &amp; meer" in hit.snippet
    assert hit.snippet.count("<") == 2


def test_common_words_alone_are_said_to_be_too_common(index, search):
    make_signal(facts=STORY)
    index()
    for alike in (False, True):
        found = search(make_member(Role.EMM_ANALYST), "de het een", alike=alike)
        assert (found.count, found.only_common_words) == (0, True)


def test_a_full_page_costs_twelve_statements_and_words_are_found_by_their_index(index):
    alice, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    drafts = [make_draft(facts=STORY)] * 51
    with acting(alice, purpose="test"):
        submit_signals(drafts, by=alice, at=timezone.now())
    index()
    reader = sign_in(Client(), analyst)
    for words in (
        {"words": "blauwe bus"},
        {"words": "blauwe bus", "urgency": "5"},
        {"words": "blauwe restorant", "alike": "on"},
        {"words": "blauwe restorant", "alike": "on", "urgency": "5"},
    ):
        reader.post("/signals/search/", words)  # warms what is kept
        with CaptureQueriesContext(connection) as asked:
            page = reader.post("/signals/search/", words)
        # A test stands in a transaction, and its end takes the rights away in one more.
        assert len(asked) <= 12 + 1, [query["sql"][:90] for query in asked]
        assert page.content.count(b"<mark>") >= 50, words
        with acting(analyst, purpose="test"), CaptureQueriesContext(connection) as asked:
            coded = Asked(**{**words, "alike": "alike" in words})
            found = actions.search(coded, page=2, by=analyst, at=timezone.now())
        assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 4
        assert (len(found.hits), found.page, found.more) == (1, 2, False)
        assert (found.count, found.pages) == ((1, 1) if coded.alike else (51, 2))
    with connection.cursor() as cursor, acting(analyst, purpose="test"):
        cursor.execute("SET LOCAL ROLE NONE")  # only the owner counts what a table holds
        cursor.execute("ANALYZE search_searchentry")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL cpu_index_tuple_cost = 1")  # as if the side were long
        cursor.execute("SET LOCAL ROLE baken_guard")  # as inside baken.signals_with
        cursor.execute(
            "EXPLAIN SELECT id FROM search_searchentry WHERE words @@ 'a'::tsquery AND desk"
        )
        plan = "".join(row for (row,) in cursor.fetchall())
        cursor.execute("SET LOCAL ROLE baken_web")
    assert "search_words_of_the_desk" in plan
