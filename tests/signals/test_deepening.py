"""A reporter adds what they know: on the same record, by revision, until it is judged."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import acting, service
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.actions import deepen_signal, open_signal, take_up_signal
from signals.facts import facts, load
from signals.models import Deepening, DeepeningAnswer, Indicator, Signal
from signals.rules import DeepeningRefused, Findings, offered_indicators, urgency_reasons
from signals.urgency import Level
from signals.workflow import Status
from tests.factories.people import make_member
from tests.factories.signals import findings, make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db
NOW = timezone.now()
FACTS = "A canary named Alice counted six mattresses."
THOUGHT = "A canary thinks that the foreman is her uncle."


def deepen(signal, *codes, by, knowledge="seen", after=0, at=NOW, **said):
    added = findings(*codes, knowledge=knowledge, after=after, **said)
    return deepen_signal(signal, added, by=by, at=at)


def codes_of(offered):
    return {indicator.code for indicator in offered.values()}


def lines_of(action):
    return raw("SELECT count(*) FROM audit_auditevent WHERE action = %s", action)[0][0]


def test_what_is_added_lies_sealed_and_opens_for_its_reporter(alice):
    signal = make_signal(by=alice)
    deepen(signal, "C01", "A05", by=alice, facts=FACTS, interpretation=THOUGHT)

    [(sealed,)] = raw("SELECT sealed FROM signals_deepening")
    assert b"canary" not in bytes(sealed)
    [added] = open_signal(signal, by=alice, at=NOW).deepenings
    assert (added.facts, added.interpretation, added.by) == (FACTS, THOUGHT, "Alice")
    assert [(a.indicator.code, a.knowledge) for a in added.answers] == [
        ("A05", "seen"),
        ("C01", "seen"),
    ]


def test_each_change_is_a_revision_and_the_history_stays(alice):
    signal = make_signal(by=alice)
    deepen(signal, "C01", by=alice)
    deepen(signal, "C01", "C03", by=alice, after=1, knowledge="told_by_person", facts=FACTS)

    last, first = open_signal(signal, by=alice, at=NOW).deepenings
    assert [(one.number, len(one.answers)) for one in (last, first)] == [(2, 2), (1, 1)]
    assert first.answers[0].knowledge == "seen"


def test_a_sealed_revision_does_not_open_as_another(alice):
    signal = make_signal(by=alice)
    deepen(signal, "C01", by=alice, facts=FACTS)
    deepen(signal, "C01", by=alice, after=1, facts="Nothing.")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "UPDATE signals_deepening SET sealed ="
            " (SELECT sealed FROM signals_deepening WHERE number = 1) WHERE number = 2"
        )
        cursor.execute("SET LOCAL ROLE baken_web")
    with pytest.raises(Exception, match="not readable"):
        open_signal(signal, by=alice, at=NOW)


# --- Urgency -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "codes", "knowledge", "urgency", "reasons"),
    [
        (["labour"], ["A01"], "seen", Level.DANGER, "1 urgent indicator"),
        (["organ_removal"], ["F01"], "file", Level.DANGER, "a journey or an operation ahead"),
        (["labour"], ["C01", "C03", "A03"], "seen", Level.SEVERAL_STRONG, "3 strong indicators"),
        (["labour"], ["C01"], "told_by_others", Level.SOME_STRONG, "1 strong indicator"),
        (["labour"], ["A06", "C91"], "seen", Level.REST, ""),
        (["labour"], ["A01", "C01"], "not_seen", Level.REST, ""),
    ],
)
def test_urgency_follows_from_what_was_seen_or_told(
    alice, forms, codes, knowledge, urgency, reasons
):
    signal = deepen(make_signal(by=alice, forms=forms), *codes, by=alice, knowledge=knowledge)

    assert signal.urgency == urgency
    assert Signal.objects.get(pk=signal.pk).urgency == urgency
    assert reasons in ", ".join(urgency_reasons(signal))


def test_the_last_revision_counts(alice):
    signal = make_signal(by=alice)
    assert deepen(signal, "A01", "C01", by=alice).urgency == Level.DANGER
    assert deepen(signal, "C01", by=alice, after=1).urgency == Level.SOME_STRONG
    assert deepen(signal, by=alice, after=2, facts=FACTS).urgency == Level.REST


def test_the_expert_centre_hears_when_the_urgency_changes_and_only_then(alice):
    signal = make_signal(by=alice)
    deepen(signal, "A06", by=alice)
    kinds = "SELECT urgent FROM notices_notice WHERE kind = 'signal_deepened'"
    assert raw(kinds) == []

    deepen(signal, "A06", "A01", by=alice, after=1)
    assert raw(kinds) == [(True,)]
    assert lines_of("signal_deepened") == 2
    assert Notice.objects.filter(kind="signal_deepened").count() == 0  # not the reporter's


def test_who_took_the_signal_up_hears_of_it(alice):
    analyst = make_member(Role.EMM_ANALYST)
    signal = make_signal(by=alice)
    with acting(analyst, purpose="test"):
        take_up_signal(signal, by=analyst, at=NOW)
    deepen(signal, "C01", by=alice)

    told = raw("SELECT user_id, urgent FROM notices_notice WHERE kind = 'signal_deepened'")
    assert told == [(analyst.user_id, False)]


def test_the_expert_centre_tells_itself_nothing():
    analyst = make_member(Role.EMM_ANALYST)
    signal = make_signal(by=analyst)
    with acting(analyst, purpose="test"):
        deepen(signal, "A01", by=analyst)
    assert raw("SELECT count(*) FROM notices_notice WHERE kind = 'signal_deepened'") == [(0,)]


# --- What is offered and what is refused -----------------------------------------------------


@pytest.mark.parametrize(
    ("role", "changes", "offered", "not_offered"),
    [
        (Role.LE_POLICE, {"forms": ["labour"]}, {"A01", "C05", "C91"}, {"B02", "K01", "H01"}),
        (Role.LE_NLA, {"forms": ["services"]}, {"E02", "G01"}, {"A14", "C01"}),
        (Role.MUNI_REPORTER, {"forms": ["surrogacy"]}, {"H08", "A14"}, {"G01"}),
        (Role.LE_POLICE, {"forms": ["unknown"]}, {"B02", "C01", "D01", "F01", "H01"}, {"B01"}),
        (Role.LE_POLICE, {"forms": ["sexual"], "age_group": "minor"}, {"B01", "K02"}, {"C01"}),
    ],
)
def test_what_is_asked_fits_the_signal_and_its_reporter(role, changes, offered, not_offered):
    signal = make_signal(by=make_member(role), **changes)

    codes = codes_of(offered_indicators(signal, on=timezone.localdate()))
    assert offered <= codes
    assert not codes & not_offered


@pytest.mark.parametrize(
    ("added", "words"),
    [
        (Findings(answers={"Z99-1": "seen"}), "There is no indicator Z99"),
        (Findings(answers={"B02-1": "seen"}), "Indicator B02 does not fit"),
        (Findings(answers={"A01-7": "seen"}), "words of indicator A01 have changed"),
        (Findings(answers={"A01-1": "dreamt"}), "Choose one of the answers"),
        (Findings(facts="x" * 10_001), "too long"),
        (Findings(facts="  "), "Answer a question"),
        (Findings(facts="x", after=3), "A colleague added"),
    ],
)
def test_what_was_not_asked_is_refused_with_words(alice, added, words):
    signal = make_signal(by=alice)
    with pytest.raises(DeepeningRefused, match=words):
        deepen_signal(signal, added, by=alice, at=NOW)
    assert not Deepening.objects.exists()


def test_an_old_answer_keeps_the_words_that_were_shown(alice):
    signal = make_signal(by=alice)
    deepen(signal, "A01", by=alice)
    today = timezone.localdate()
    old = next(fact for fact in facts() if fact.code == "A01")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_owner")
        load(
            Indicator.objects,
            [
                replace(old, valid=DateRange(old.valid.lower, today)),
                replace(old, version=2, text_en="Otherwise", valid=DateRange(today, None)),
            ],
        )
        cursor.execute("SET LOCAL ROLE baken_web")

    with pytest.raises(DeepeningRefused, match="words of indicator A01 have changed"):
        deepen_signal(signal, Findings(answers={"A01-1": "seen"}, after=1), by=alice, at=NOW)
    deepen(signal, "A01", by=alice, after=1)

    last, first = open_signal(signal, by=alice, at=NOW).deepenings
    assert [d.answers[0].indicator.text for d in (last, first)] == [
        "Otherwise",
        "In immediate danger, locked in or guarded",
    ]


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.FORWARDED, Status.REJECTED, Status.CLOSED])
def test_after_the_judgement_nothing_is_added(status):
    alice = make_member(Role.LE_POLICE)
    signal = signal_at(status, by=alice)
    with acting(alice, purpose="test"):
        with pytest.raises(DeepeningRefused, match="has an outcome"):
            deepen(signal, "C01", by=alice)
        refused = pytest.raises(IntegrityError, match="signal_is_deepened_until_it_is_judged")
        with refused, transaction.atomic():
            Deepening.objects.create(
                signal=signal, number=1, sealed=b"", added_at=NOW, added_by=alice.user
            )


def test_a_colleague_who_reads_it_adds_and_a_stranger_and_the_expert_centre_do_not(alice):
    signal = make_signal(by=alice)
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    with acting(colleague, purpose="test"):
        deepen(signal, "C01", by=colleague)
    charlie, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    with acting(charlie, purpose="test"), pytest.raises(Signal.DoesNotExist):
        deepen(signal, "C01", by=charlie, after=1)
    with acting(analyst, purpose="test"), pytest.raises(DeepeningRefused, match="Only the org"):
        deepen(signal, "C01", by=analyst, after=1)


def test_the_database_lets_nobody_add_in_anothers_name_or_to_anothers_signal(alice):
    signal = make_signal(by=alice)
    charlie, analyst = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    for member, name in ((charlie, charlie), (analyst, analyst), (alice, charlie)):
        with (
            acting(member, purpose="test"),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            Deepening.objects.create(
                signal=signal, number=1, sealed=b"", added_at=NOW, added_by=name.user
            )
    deepen(signal, "C01", by=alice)
    [added], c03 = Deepening.objects.all(), Indicator.objects.get(code="C03")
    with (
        acting(charlie, purpose="test"),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        DeepeningAnswer.objects.create(deepening=added, indicator=c03, knowledge="seen")


def test_nobody_rewrites_a_revision(alice):
    deepen(make_signal(by=alice), "C01", by=alice)
    for rows, change in (
        (Deepening.objects, {"sealed": b""}),
        (DeepeningAnswer.objects, {"knowledge": "file"}),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_who_only_counts_reads_no_answer(alice):
    deepen(make_signal(by=alice), "C01", by=alice)
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        assert Signal.objects.count() == 1
        assert (Deepening.objects.count(), DeepeningAnswer.objects.count()) == (0, 0)


REVISION = {
    "revision_of_a_signal_counts_from_one": {"number": 0},
    "revisions_of_a_signal_follow_one_another": {"number": 3},
    "revision_of_a_signal_is_written_once": {"number": 1},
}


@pytest.mark.parametrize("name", REVISION)
def test_a_revision_keeps_the_sentence(alice, name):
    signal = make_signal(by=alice)
    deepen(signal, "C01", by=alice)
    if name != "revisions_of_a_signal_follow_one_another":
        with connection.cursor() as cursor:  # the trigger would refuse it first
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL ROLE baken_owner")
            cursor.execute("ALTER TABLE signals_deepening DISABLE TRIGGER deepening_is_added")
            cursor.execute("SET LOCAL ROLE baken_web")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Deepening.objects.create(
            signal=signal, sealed=b"", added_at=NOW, added_by=alice.user, **REVISION[name]
        )


def test_an_answer_keeps_the_sentence(alice):
    deepen(make_signal(by=alice), "C01", by=alice)
    [added], [answer] = Deepening.objects.all(), DeepeningAnswer.objects.all()
    c03 = Indicator.objects.get(code="C03")
    for name, indicator, knowledge in (
        ("answer_says_from_where_it_is_known", c03, "dreamt"),
        ("indicator_is_answered_once_in_a_revision", answer.indicator, "file"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            DeepeningAnswer.objects.create(
                deepening=added, indicator=indicator, knowledge=knowledge
            )
