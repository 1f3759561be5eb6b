"""What must be true of a signal is true in the database: each constraint is broken once."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import order_import
from signals.models import FilePiece, ImportBatch, ImportRefusal, Judgement, SeenContent, Signal
from signals.workflow import Status
from tests.factories.people import make_member
from tests.factories.signals import make_signal, signal_at

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SIGNAL = {
    "signal_reference_is_sig_year_and_number": {"reference": "SIG-26-1"},
    "signal_status_is_known": {"status": "lost", "taken_up_at": NOW, "taken_up_by": "the analyst"},
    "signal_reporter_type_is_known": {"reporter_type": "club"},
    "signal_channel_is_known": {"channel": "pigeon"},
    "signal_names_at_least_one_form": {"forms": []},
    "signal_forms_are_known": {"forms": ["labour", "tax"]},
    "unknown_form_stands_alone": {"forms": ["labour", "unknown"]},
    "signal_place_kind_is_known": {"place_kind": "moon"},
    "signal_sex_is_known": {"sex": "both"},
    "signal_age_group_is_known": {"age_group": "old"},
    "signal_is_about_somebody": {"n_victims": 0},
    "signal_has_one_place_at_home_or_abroad": {"municipality": None},
    "signal_was_seen_on_a_day": {"observed": DateRange(empty=True)},
    "signal_taken_up_has_time_and_name": {"taken_up_at": NOW},
    "signal_outcome_is_told_once_it_is_judged": {"outcome": "rejected", "outcome_at": NOW},
    "signal_closed_has_time_and_name": {"closed_at": NOW},
    "signal_from_a_file_names_its_row": {"row_key": b"1"},
}
#: Broken in tests/signals/test_desk_constraints.py.
OF_THE_DESK = {
    "question_status_is_known",
    "question_has_ended_with_time_and_name",
    "question_that_is_answered_holds_the_answer",
    "signal_has_one_open_question",
    "parking_has_ended_with_time_and_name",
    "parking_lasts_until_a_later_day",
    "signal_is_parked_once_at_a_time",
    "merging_has_ended_with_time_and_name",
    "signal_is_not_merged_into_itself",
    "signal_is_merged_into_one_other",
    "feedback_is_one_of_the_codes",
    "escalation_is_of_a_known_term",
    "signal_is_escalated_once_for_each_term_and_pause",
    "reading_status_is_known",
    "reading_has_time_and_name",
    "nobody_is_the_second_reader_of_the_own_proposal",
    "reading_that_is_given_back_says_why",
    "signal_waits_for_one_second_reader",
}
#: Broken in tests of their own below, or by another test file.
ELSEWHERE = {
    "signal_status_and_outcome_agree",
    "row_of_a_file_is_imported_once",
    "judgement_verdict_is_known",
}
#: Broken in test_mappings.py and test_levels.py.
OF_SETTINGS = {
    "mapping_code_is_small_letters",
    "mapping_counts_from_one_and_says_why",
    "mapping_holds_in_some_time",
    "mapping_has_one_version_in_force",
    "version_of_a_mapping_is_written_once",
    "service_levels_last_some_time_and_no_more_than_two_years",
    "reminder_of_feedback_comes_before_its_end",
    "service_levels_count_from_one_and_say_why",
    "service_levels_hold_in_some_time",
    "service_levels_have_one_version_in_force",
}
BATCH = {
    "import_status_is_known": {"status": "lost", "ended_at": NOW},
    "import_counts_every_row_it_dealt_with": {"rows": 9, "position": 1},
    "import_deals_with_no_more_rows_than_there_are": {"position": 1, "accepted": 1},
    "import_that_is_done_dealt_with_every_row": {"status": "done", "rows": 1, "ended_at": NOW},
    "import_of_a_broken_file_says_why_and_leaves_nothing": {"status": "broken", "ended_at": NOW},
    "import_has_ended_or_is_under_way": {"ended_at": NOW},
}
#: Broken in test_indicators.py and test_deepening.py.
OF_INDICATORS = {
    "indicator_code_is_a_letter_and_two_digits",
    "indicator_is_described_in_known_words",
    "indicator_is_for_somebody",
    "indicator_names_ilo_numbers_1_to_11",
    "indicator_is_written_in_both_languages_with_its_source",
    "indicator_holds_since_a_day",
    "version_of_an_indicator_is_written_once",
    "indicator_has_one_version_at_a_time",
    "revision_of_a_signal_counts_from_one",
    "revision_of_a_signal_is_written_once",
    "answer_says_from_where_it_is_known",
    "indicator_is_answered_once_in_a_revision",
}
OF_THE_REPORTER = {
    "item_is_of_a_known_kind",
    "item_role_is_known",
    "only_a_person_has_a_sex",
    "items_are_counted_from_one",
    "item_leaves_after_it_came",
    "item_is_sealed",
    "item_has_a_place_of_its_own",
    "item_key_is_of_a_known_kind",
    "item_key_is_a_hash_of_32_bytes",
    "item_key_stands_once_for_an_item",
    "amendments_of_a_signal_count_from_one",
    "amendment_of_a_signal_is_written_once",
    "withdrawal_reason_is_known",
    "signal_is_not_split_off_itself",
}
OF_A_FILE = {
    "file_is_imported_by_one_job_at_a_time",
    "piece_of_a_file_is_kept_once",
    "content_is_counted_in_one_place",
    "row_is_refused_once",
    "refusal_says_why",
}


def past_the_triggers():
    """The constraint itself is asked; the trigger would refuse some of these first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE signals_signal DISABLE TRIGGER signal_moves_along_the_table")
        cursor.execute("SET LOCAL ROLE baken_web")


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.fixture
def analyst():
    member = make_member(Role.EMM_ANALYST)
    with acting(member, purpose="test"):
        yield member


@pytest.fixture
def coordinator():
    member = make_member(Role.EMM_COORDINATOR)
    with acting(member, purpose="test"):
        yield member


def make_batch(coordinator, content=b"x"):
    return order_import(
        lambda: [content], file_name="f.csv", profile="ctdc", by=coordinator, at=NOW
    )


def test_every_constraint_of_the_room_is_broken_by_a_test():
    named = {
        constraint.name
        for model in apps.get_app_config("signals").get_models()
        for constraint in model._meta.constraints
    }
    here = {*SIGNAL, *OF_THE_DESK, *ELSEWHERE, *BATCH, *OF_A_FILE, *OF_INDICATORS, *OF_SETTINGS}
    assert named == here | OF_THE_REPORTER


@pytest.mark.parametrize("name", SIGNAL)
def test_a_signal_keeps_the_sentence(analyst, name):
    signal = make_signal(by=analyst)
    past_the_triggers()
    with refused(name):
        values = SIGNAL[name]
        if "taken_up_by" in values:
            values = {**values, "taken_up_by": analyst.user}
        Signal.objects.filter(pk=signal.pk).update(**values)


def test_a_signal_from_abroad_needs_no_municipality(analyst):
    signal = make_signal(
        by=analyst, municipality_code="", channel="international", world_region="asia"
    )
    with refused("signal_has_one_place_at_home_or_abroad"):
        Signal.objects.filter(pk=signal.pk).update(municipality="GM0363")


def test_the_status_and_the_outcome_agree(analyst):
    signal = signal_at(Status.FORWARDED, by=analyst, analyst=analyst)
    with refused("signal_status_and_outcome_agree"):
        Signal.objects.filter(pk=signal.pk).update(outcome="rejected")


@pytest.mark.parametrize(
    "values",
    [
        {"reference": "SIG-2001-000001"},
        {"reporter_type": "kmar"},
        {"created_at": NOW},
    ],
)
def test_a_signal_keeps_its_origin(analyst, values):
    signal = make_signal(by=analyst)
    with refused("signal_keeps_its_origin"):
        Signal.objects.filter(pk=signal.pk).update(**values)


def test_a_verdict_is_one_of_three(analyst):
    signal = signal_at(Status.TRIAGE, by=analyst, analyst=analyst)
    with refused("judgement_verdict_is_known"):
        Judgement.objects.create(
            signal=signal,
            verdict="perhaps",
            motivation=b"",
            judged_at=NOW,
            judged_by=analyst.user,
        )


@pytest.mark.parametrize("name", BATCH)
def test_an_import_keeps_the_sentence(coordinator, name):
    batch = make_batch(coordinator)
    with refused(name):
        ImportBatch.objects.filter(pk=batch.pk).update(**BATCH[name])


def test_a_file_is_imported_by_one_job_at_a_time(coordinator):
    batch, other = make_batch(coordinator), make_batch(coordinator, b"y")
    with refused("file_is_imported_by_one_job_at_a_time"):
        ImportBatch.objects.filter(pk=other.pk).update(file_hash=batch.file_hash)


def test_what_is_kept_of_a_file_is_kept_once(coordinator):
    batch = make_batch(coordinator)
    with refused("piece_of_a_file_is_kept_once"), transaction.atomic():
        FilePiece.objects.create(batch=batch, number=0, sealed=b"")
    SeenContent.objects.create(batch=batch, content=b"1", seen=1)
    with refused("content_is_counted_in_one_place"), transaction.atomic():
        SeenContent.objects.create(batch=batch, content=b"1", seen=1)
    with refused("refusal_says_why"), transaction.atomic():
        ImportRefusal.objects.create(batch=batch, line=2, reason="")
    ImportRefusal.objects.create(batch=batch, line=2, reason="No year.")
    with refused("row_is_refused_once"), transaction.atomic():
        ImportRefusal.objects.create(batch=batch, line=2, reason="No year.")
