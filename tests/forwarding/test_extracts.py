"""Extracts: looked at, sent, recalled or opened, answered; and what they do to the signal."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from referral.access.context import acting, service
from referral.lib.refusals import Refused
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from signals.actions import close_signal, open_signal, remind_of_feedback
from signals.enrichment.actions import destroy_enrichments
from signals.enrichment.models import FlowBasis
from signals.forwarding.actions import (
    fingerprint,
    give_feedback,
    open_extract,
    preview_extract,
    read_extract,
    recall_extract,
    remind_of_extract_feedback,
    remind_unopened,
    send_extract,
    tell_overdue_extracts,
)
from signals.forwarding.models import Extract
from signals.forwarding.workflow import EXTRACT_MOVES, ExtractStatus
from signals.workflow import Feedback, Status
from tests.factories.enrichment import FOUND, enrichment_at
from tests.factories.forwarding import PURPOSE, extract_at, make_packing
from tests.factories.people import make_member, make_organisation
from tests.factories.signals import FACTS, signal_at

pytestmark = pytest.mark.django_db
#: A Friday.
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def receiver():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_KMAR, name="Karim of the Marechaussee")


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


def words(document):
    return str(document.sections)


def test_what_was_looked_at_is_what_is_sent_and_stays_so(receiver, analyst):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    finding = enrichment_at(signal, analyst=analyst, at=AT)
    sent = extract_at(
        ExtractStatus.OPENED, receiver=receiver, analyst=analyst, signal=signal, at=AT,
        findings=[finding.pk],
    )  # fmt: skip
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert destroy_enrichments(by=sweeper, at=AT + timedelta(days=300)) == 1

    with acting(receiver, purpose="test"):
        document = read_extract(sent, by=receiver, at=AT).document
        assert (document.purpose, document.classification) == (
            PURPOSE, "Politiegegevens: vertrouwelijk",
        )  # fmt: skip
        assert FACTS in words(document)
        assert FOUND in words(document)
        assert signal.reporter_organisation.name not in words(document)
    assert FACTS.encode() not in bytes(sent.sealed)


def test_something_else_than_was_looked_at_is_not_sent(receiver, analyst):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    with acting(analyst, purpose="test"):
        seen = fingerprint(preview_extract(signal, make_packing(receiver), by=analyst, at=AT))
        other = make_packing(receiver, purpose="Another one.")
        with pytest.raises(Refused, match="Look again"):
            send_extract(signal, other, seen=seen, by=analyst, at=AT)


def test_names_go_along_only_where_the_basis_lets_them(receiver, analyst):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    finding = enrichment_at(signal, analyst=analyst, at=AT)
    shelter, focal = make_member(Role.SHELTER_MANAGER), make_member(Role.MUNI_FOCAL)
    order = FlowBasis.objects.get(code="wpg_16")
    town = {"to": focal, "basis": order}
    with acting(analyst, purpose="test"):
        for changes, sentence in (
            ({"to": shelter}, "Nothing can be forwarded"),
            ({"basis": order}, "does not reach"),
            (town, "no names go along"),
            ({**town, "sections": ["facts"], "findings": [finding.pk]}, "no names go along"),
            ({"sections": []}, "what goes along"),
            ({"findings": [signal.pk]}, "findings from the list"),
            ({"purpose": " "}, "needs it for"),
        ):
            packing = make_packing(**{"to": receiver, **changes})
            with pytest.raises(Refused, match=sentence):
                preview_extract(signal, packing, by=analyst, at=AT)
        packing = make_packing(focal, basis=order, sections=["facts", "indicators"])
        assert FACTS not in words(preview_extract(signal, packing, by=analyst, at=AT))


def test_only_its_handler_forwards_a_signal_and_only_when_it_is_judged_so(receiver, analyst):
    watched = signal_at(Status.MONITORED, analyst=analyst)
    forwarded = signal_at(Status.FORWARDED, analyst=make_member(Role.EMM_ANALYST))
    with acting(analyst, purpose="test"):
        with pytest.raises(Refused, match="Monitored"):
            preview_extract(watched, make_packing(receiver), by=analyst, at=AT)
        with pytest.raises(Refused, match="who decides on it"):
            preview_extract(forwarded, make_packing(receiver), by=analyst, at=AT)


def test_until_it_is_opened_it_is_recalled_and_after_that_not(receiver, analyst):
    recalled = extract_at(ExtractStatus.RECALLED, receiver=receiver, analyst=analyst)
    opened = extract_at(ExtractStatus.OPENED, receiver=receiver, analyst=analyst)

    assert (opened.opened_by, opened.recalled_at) == (receiver.user, None)
    with acting(receiver, purpose="test"):
        with pytest.raises(Refused, match="Recalled"):
            open_extract(recalled, by=receiver, at=AT)
        assert read_extract(recalled, by=receiver, at=AT).document is None
    with acting(analyst, purpose="test"), pytest.raises(Refused, match="Opened by"):
        recall_extract(opened, by=analyst, at=AT)
    stranger = make_member(Role.LE_KMAR)
    with acting(stranger, purpose="test"), pytest.raises(Extract.DoesNotExist):
        read_extract(opened, by=stranger, at=AT)


def test_a_receiver_has_one_open_extract_of_a_signal(receiver, analyst):
    sent = extract_at(ExtractStatus.SENT, receiver=receiver, analyst=analyst)
    with pytest.raises(Refused, match="already"):
        extract_at(ExtractStatus.SENT, receiver=receiver, analyst=analyst, signal=sent.signal)


def test_the_receivers_feedback_is_that_of_the_signal_and_its_handler_closes_without_another(
    receiver, analyst
):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    first = extract_at(ExtractStatus.OPENED, receiver=receiver, analyst=analyst, signal=signal)
    second = make_member(Role.LE_NLA)
    other = extract_at(ExtractStatus.OPENED, receiver=second, analyst=analyst, signal=signal)
    for who, extract, code in (
        (receiver, first, Feedback.JOINED),
        (second, other, Feedback.TOO_LITTLE),
    ):
        with acting(who, purpose="test"):
            give_feedback(extract, feedback=code, by=who, at=AT)

    late = AT + timedelta(days=400)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert remind_of_feedback(by=sweeper, at=late) == 0
    with acting(analyst, purpose="test"):
        opened = open_signal(signal, by=analyst, at=AT)
        assert (opened.feedback.code, opened.feedback.recorded_by) == ("joined", receiver.user)
        with pytest.raises(Refused, match="feedback already"):
            close_signal(opened.signal, feedback=Feedback.STARTED, by=analyst, at=AT)
        assert close_signal(opened.signal, by=analyst, at=AT).status == Status.CLOSED
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds >= {"extract_sent", "extract_opened", "extract_answered"}


def test_the_receiver_is_reminded_of_opening_and_of_feedback_once_each(receiver):
    extract_at(ExtractStatus.SENT, receiver=receiver, at=AT)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:

        def round_at(days):
            at = AT + timedelta(days=days)
            return [
                deed(by=sweeper, at=at)
                for deed in (remind_unopened, remind_of_extract_feedback, tell_overdue_extracts)
            ]

        assert round_at(4) == [0, 0, 0]  # Tuesday: two working days
        assert round_at(6) == [1, 0, 0]
        assert round_at(15) == [0, 0, 0]
        assert round_at(16) == [0, 1, 0]
        assert round_at(30) == [0, 0, 0]
        assert round_at(31) == [0, 0, 1]
        assert round_at(60) == [0, 0, 0]


BROKEN = {
    "extract_status_is_known": {"status": "lost"},
    "extract_feedback_is_due_after_it_was_sent": {"due_on": date(2020, 1, 1)},
    "extract_opened_has_time_and_name": {"opened_at": AT},
    "extract_recalled_has_time_and_name": {"recalled_at": AT},
    "extract_answered_has_code_time_and_name": {"feedback": "started"},
}


def test_the_database_keeps_each_sentence_and_knows_no_other_moves(receiver, analyst):
    made = {
        status: extract_at(status, receiver=receiver, analyst=analyst) for status in ExtractStatus
    }
    with acting(analyst, purpose="test"):
        for status, extract in made.items():
            found = Extract.objects.filter(pk=extract.pk)
            for to in set(ExtractStatus) - {status} - set(EXTRACT_MOVES[status]):
                with refused("extract_moves_along_the_table"), transaction.atomic():
                    found.update(status=to)
            with refused("extract_stays_what_was_sent"), transaction.atomic():
                found.update(sealed=b"other")
        again = made[ExtractStatus.SENT]
        again.pk, again.signal = None, signal_at(Status.TRIAGE, analyst=analyst)
        with refused("extract_is_of_a_forwarded_signal"), transaction.atomic():
            again.save(force_insert=True)
    sent = extract_at(ExtractStatus.SENT, receiver=receiver, analyst=analyst)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE forwarding_extract DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
    for name, values in BROKEN.items():
        with refused(name), transaction.atomic():
            Extract.objects.filter(pk=sent.pk).update(**values)
    sent.pk = None
    with refused("receiver_has_one_open_extract_of_a_signal"), transaction.atomic():
        sent.save(force_insert=True)


def refused(name):
    return pytest.raises(IntegrityError, match=name)
