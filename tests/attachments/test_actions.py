"""A file comes in sealed, waits in quarantine, and is read only when it has been made anew."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.files import rules
from referral.files.models import LARGEST
from referral.files.rules import FileRefused, UploadOutOfStep, clean_name
from referral.files.workflow import MAX_ATTEMPTS, Part, Reason, Status
from referral.lib.crypto import Unreadable
from referral.lib.ids import uuid7
from referral.lib.refusals import Refused
from referral.notices.kinds import Kind as NoticeKind
from referral.notices.models import Notice
from referral.organisations.roles import Role
from signals.actions import close_signal
from signals.attachments import actions
from signals.attachments import rules as own_rules
from signals.attachments.models import Attachment, AttachmentPiece
from signals.attachments.tasks import rebuild_waiting, sweep_attachments
from signals.workflow import Status as SignalStatus
from tests.attachments.files import document, photograph, scanner
from tests.factories.attachments import begun_upload, make_attachment
from tests.factories.people import make_member
from tests.factories.signals import make_signal, signal_at
from tests.sentences import bare, changed, unbroken

pytestmark = pytest.mark.django_db
NAME = "Canary Janssen.jpg"


@pytest.fixture
def signal(alice):
    return make_signal(by=alice)


def trail(by):
    """What stands in the trail, for who reads it."""
    with acting(make_member(Role.FG), purpose="test") as officer:
        return list(
            AuditEvent.objects.visible_to(officer)
            .filter(actor_id=by.user_id, action__startswith="attachment")
            .order_by("pk")
            .values_list("action", flat=True)
        )


def test_a_file_is_sealed_made_anew_and_read(alice, signal):
    sent = photograph(place=True)
    file = make_attachment(signal, by=alice, name=f"C:\\folder\\{NAME}", data=sent, settled=False)
    assert file.status == Status.QUARANTINED
    with pytest.raises(Attachment.DoesNotExist):
        actions.open_attachment(file, by=alice, at=timezone.now())

    rebuild_waiting()
    rebuild_waiting()  # twice is as good as once

    opened = actions.open_attachment(file, by=alice, at=timezone.now())
    file.refresh_from_db()
    assert (file.status, bytes(file.sha256)) == (Status.READY, hashlib.sha256(sent).digest())
    assert (opened.name, opened.media_type) == (NAME, "image/jpeg")
    assert b"Canary" not in opened.data
    assert (file.removed, file.scanned) == (["metadata"], False)
    assert trail(alice) == ["attachment_begun", "attachment_received", "attachment_opened"]
    with (
        pytest.raises(Attachment.DoesNotExist),
        acting(make_member(Role.LE_KMAR), purpose="x") as o,
    ):
        actions.open_attachment(file, by=o, at=timezone.now())


def test_the_original_is_for_coordinators_of_the_expert_centre(alice, signal):
    sent = photograph(place=True)
    file = make_attachment(signal, by=alice, data=sent, name="a.jpg")
    with pytest.raises(Unreadable):
        actions.open_evidence(file, by=alice, at=timezone.now())
    with acting(make_member(Role.EMM_ANALYST), purpose="test") as analyst:
        assert actions.open_attachment(file, by=analyst, at=timezone.now()).data
        with pytest.raises(Unreadable):
            actions.open_evidence(file, by=analyst, at=timezone.now())
    with acting(make_member(Role.EMM_COORDINATOR), purpose="test") as coordinator:
        assert actions.open_evidence(file, by=coordinator, at=timezone.now()).data == sent


def test_nothing_of_a_file_stands_readable_in_the_database(alice, signal):
    make_attachment(signal, by=alice, name=NAME, data=photograph(place=True))
    with acting(make_member(Role.EMM_COORDINATOR), purpose="test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(encode(sealed, 'escape'), ''), max(encode(name, 'escape'))"
            " FROM attachments_attachmentpiece JOIN attachments_attachment a ON a.id = attachment_id"
        )
        pieces, name = cursor.fetchone()
    assert "Canary" not in pieces + name
    assert "JFIF" not in pieces


def test_a_piece_that_was_moved_or_lost_opens_nothing(alice, signal, monkeypatch):
    monkeypatch.setattr(rules, "PIECE", 100)
    monkeypatch.setattr("referral.files.actions.sealing.PIECE", 100)
    monkeypatch.setattr("referral.files.actions.keeping.PIECE", 100)
    monkeypatch.setattr(rules, "LEAST", 1)
    file = make_attachment(signal, by=alice, data=photograph(), name="a.jpg")
    with acting(service(Role.SERVICE_SWEEPER), purpose="test"):
        pieces = AttachmentPiece.objects.filter(attachment=file)
        assert not pieces.exists()  # what is ready is not the worker's any more
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "DELETE FROM attachments_attachmentpiece WHERE part = 'rebuilt' AND \"offset\" = 100"
        )
        cursor.execute("SET LOCAL ROLE baken_web")
    with pytest.raises(Unreadable):
        actions.open_attachment(file, by=alice, at=timezone.now())


def test_an_upload_goes_on_where_it_stopped(alice, signal):
    sent = document() + b"\n%" + b"x" * 2_500_000 + b"\n%%EOF"
    file = begun_upload(signal, by=alice, size=len(sent))
    first, rest = sent[: rules.PIECE], sent[rules.PIECE :]

    file = actions.append_piece(file, first, offset=0, by=alice, at=timezone.now())
    for piece, offset in ((first, 0), (rest[:10], rules.PIECE), (rest, rules.PIECE)):
        with pytest.raises(UploadOutOfStep):
            actions.append_piece(file, piece, offset=offset, by=alice, at=timezone.now())
    assert (file.percent, file.status) == (rules.PIECE * 100 // len(sent), Status.UPLOADING)
    for start in range(0, len(rest), rules.PIECE):
        file = actions.append_piece(
            file,
            rest[start : start + rules.PIECE],
            offset=file.received,
            by=alice,
            at=timezone.now(),
        )

    assert file.status == Status.QUARANTINED
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as worker:
        assert actions.read_original(file, by=worker) == sent


def test_nobody_else_goes_on_with_an_upload(alice, signal):
    file = begun_upload(signal, by=alice)
    with acting(make_member(Role.LE_POLICE, organisation=alice.organisation), purpose="x") as other:
        with pytest.raises(Attachment.DoesNotExist):
            actions.append_piece(file, b"%PDF-", offset=0, by=other, at=timezone.now())
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            AttachmentPiece.objects.create(
                attachment=file, part=Part.ORIGINAL, offset=0, sealed=b"a"
            )


def test_an_upload_that_stands_still_is_given_up(alice, signal):
    file = begun_upload(signal, by=alice)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        now = timezone.now()
        assert actions.end_unfinished(by=sweeper, at=now) == 0
        assert actions.end_unfinished(by=sweeper, at=now + timedelta(days=1, minutes=1)) == 1
        assert actions.end_unfinished(by=sweeper, at=now + timedelta(days=9)) == 0
    file.refresh_from_db()
    assert (file.status, file.reason) == (Status.REFUSED, Reason.UNFINISHED)


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [
        ("a.exe", 5, Reason.EXTENSION),
        ("a.docx.js", 5, Reason.EXTENSION),
        ("a.pdf", 0, Reason.EMPTY),
        ("a.pdf", LARGEST + 1, Reason.TOO_LARGE),
    ],
)
def test_what_is_not_taken_in_is_refused_in_words(alice, signal, name, size, reason):
    with pytest.raises(FileRefused) as refused:
        actions.begin_upload(signal, name=name, size=size, by=alice, at=timezone.now())
    assert str(refused.value) == str(reason.label)


def test_a_wrong_extension_is_seen_at_the_first_piece(alice, signal):
    with pytest.raises(FileRefused) as refused:
        actions.attach_file(signal, name="a.pdf", data=photograph(), by=alice, at=timezone.now())
    assert refused.value.reason == Reason.OTHER_KIND
    file = begun_upload(signal, by=alice)
    refused_file = actions.refuse_upload(
        file, reason=Reason.OTHER_KIND, by=alice, at=timezone.now()
    )
    assert refused_file.status == Status.REFUSED


def test_who_may_add_and_how_many(alice, signal, monkeypatch):
    closed, analyst = signal_at(SignalStatus.MONITORED, by=alice), make_member(Role.EMM_COORDINATOR)
    begun = begun_upload(closed, by=alice)
    with acting(analyst, purpose="test"):
        closed = close_signal(closed, by=analyst, at=timezone.now())
    with pytest.raises(Attachment.DoesNotExist):
        actions.append_piece(begun, b"%PDF-", offset=0, by=alice, at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        begun_upload(closed, by=alice)
    monkeypatch.setattr(own_rules, "MOST", 1)
    begun_upload(signal, by=alice)
    with pytest.raises(Refused, match="at most 1"):
        begun_upload(signal, by=alice)
    assert begun_upload(make_signal(by=alice), by=make_member(Role.EMM_ANALYST)).pk


def test_a_refused_file_leaves_its_reason_and_nothing_else(alice, signal):
    colleague = make_member(Role.EMM_ANALYST)
    file = make_attachment(signal, by=alice, name="a.pdf", data=document(password="secret"))

    assert (file.status, file.reason) == (Status.REFUSED, Reason.PASSWORD)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("SELECT count(*) FROM attachments_attachmentpiece")
        assert cursor.fetchone() == (0,)
        cursor.execute("SET LOCAL ROLE baken_web")
    told = Notice.objects.visible_to(alice).filter(kind=NoticeKind.ATTACHMENT_REFUSED)
    assert told.get().user_id == alice.user_id
    with acting(colleague, purpose="test"):
        assert not Notice.objects.visible_to(colleague).filter(kind=NoticeKind.ATTACHMENT_REFUSED)


def test_who_has_the_signal_hears_of_a_new_file(alice):
    analyst = make_member(Role.EMM_ANALYST)
    signal = signal_at(SignalStatus.TRIAGE, by=alice, analyst=analyst)
    make_attachment(signal, by=alice)
    with acting(analyst, purpose="test"):
        told = Notice.objects.visible_to(analyst).get(kind=NoticeKind.ATTACHMENT_ADDED)
        assert told.url == f"/signals/{signal.pk}/#attachments"


def test_the_scanner_has_a_say_when_there_is_one(alice, signal, settings, tmp_path):
    settings.CLAMD_ADDRESS = f"unix://{tmp_path}/clamd"
    admin = make_member(Role.PLATFORM_ADMIN)
    files = [make_attachment(signal, by=alice) for _ in range(2)]
    assert {file.status for file in files} == {Status.QUARANTINED}
    assert {file.scanner_missed for file in files} == {True}
    with acting(admin, purpose="test"):
        alarms = Notice.objects.visible_to(admin).filter(kind=NoticeKind.SCANNER_ALARM)
        assert alarms.count() == 1

    Attachment.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    with scanner(tmp_path) as address:
        settings.CLAMD_ADDRESS = address
        with acting(service(Role.SERVICE_SWEEPER), purpose="test"):
            Attachment.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
        sweep_attachments()
        harmful = document() + b"\n%VIRUS\n%%EOF"
        refused = make_attachment(signal, by=alice, name="a.pdf", data=harmful)

    for file in files:
        file.refresh_from_db()
        assert (file.status, file.scanned) == (Status.READY, True)
    assert (refused.status, refused.reason) == (Status.REFUSED, Reason.VIRUS)


def test_a_file_at_which_workers_stop_is_refused_in_the_end(alice, signal):
    file = make_attachment(signal, by=alice, settled=False)
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as worker:
        for _ in range(MAX_ATTEMPTS):
            assert actions.claim_attachment(by=worker, at=at) is not None
            assert actions.claim_attachment(by=worker, at=at) is None  # another has it
            at += timedelta(hours=1)
        assert actions.claim_attachment(by=worker, at=at) is None
    file.refresh_from_db()
    assert (file.status, file.reason) == (Status.REFUSED, Reason.FAILED)


def test_a_name_is_bare():
    assert clean_name("../../a\x00b\u202e.pdf") == "ab.pdf"
    assert len(clean_name("a" * 300 + ".pdf")) == 120


#: Each sentence with what would break it: of a new file, and of one that is on its way.
BROKEN_AT_FIRST = {
    "attachment_is_of_a_kind_that_is_taken_in": {"kind": "exe"},
    "attachment_is_not_empty_nor_too_large": {"size": 0},
    "attachment_moves_along_the_table": {"status": "ready"},
}
BROKEN_LATER = {
    "attachment_leaves_the_upload_whole": {"status": "quarantined"},
    "attachment_receives_no_more_than_its_size": {"received": 10**8},
    "attachment_that_is_refused_says_why": {"status": "refused", "settled_at": timezone.now()},
    "attachment_is_settled_or_under_way": {"settled_at": timezone.now()},
    "attachment_keeps_its_origin": {"name": b"another"},
}


@pytest.mark.parametrize("sentence", BROKEN_AT_FIRST)
def test_the_database_keeps_its_sentences_of_a_new_file(alice, signal, sentence):
    file = begun_upload(signal, by=alice)
    file.pk = uuid7()
    for name, value in BROKEN_AT_FIRST[sentence].items():
        setattr(file, name, value)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        file.save(force_insert=True)


def test_the_database_keeps_its_sentences_of_a_file_on_its_way(alice, signal):
    file = begun_upload(signal, by=alice)
    for sentence, values in BROKEN_LATER.items():
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            Attachment.objects.filter(pk=file.pk).update(**values)


def test_a_file_is_ready_when_it_was_read_and_made_anew(alice, signal):
    file = make_attachment(signal, by=alice, settled=False)
    sentence = "attachment_that_is_ready_was_read_and_made_anew"
    with (
        acting(service(Role.SERVICE_SWEEPER), purpose="test"),
        pytest.raises(IntegrityError, match=sentence),
        transaction.atomic(),
    ):
        Attachment.objects.filter(pk=file.pk).update(status="ready", settled_at=timezone.now())


def test_a_piece_is_kept_once_and_of_one_part(alice, signal):
    file = begun_upload(signal, by=alice)
    actions.append_piece(file, b"%PDF-" + b"a" * rules.LEAST, offset=0, by=alice, at=timezone.now())
    piece = AttachmentPiece(attachment=file, part=Part.ORIGINAL, offset=0, sealed=b"a")
    with pytest.raises(IntegrityError, match="kept_once"), transaction.atomic():
        piece.save(force_insert=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        piece.part, piece.offset = "other", 9
        with pytest.raises(IntegrityError, match="piece_is_of_the_original"), transaction.atomic():
            piece.save(force_insert=True)
        cursor.execute("SET LOCAL ROLE baken_web")


def test_a_move_that_is_not_in_the_table_is_refused_and_the_sender_makes_none_of_the_workers(
    alice, signal
):
    file = make_attachment(signal, by=alice, settled=False)
    ready = {
        "status": "ready", "settled_at": timezone.now(), "sha256": b"a", "rebuilt_size": 1,
    }  # fmt: skip
    refused = pytest.raises(IntegrityError, match="attachment_moves_along_the_table")
    with refused, transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(**ready)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test"):
        Attachment.objects.filter(pk=file.pk).update(**ready)
        for status in ("uploading", "quarantined"):
            again = pytest.raises(IntegrityError, match="attachment_moves_along_the_table")
            with again, transaction.atomic():
                Attachment.objects.filter(pk=file.pk).update(status=status, settled_at=None)


def test_a_file_stands_in_a_known_place(alice, signal):
    file = begun_upload(signal, by=alice)
    whole = {"received": file.size, "settled_at": timezone.now()}
    with bare(Attachment):
        assert not unbroken({"attachment_status_is_known": changed(file, status="lost", **whole)})
