"""A document is kept with its case, read by who reads its notes, and can be taken out again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from referral.access.context import acting, service
from referral.cases.actions import close_case
from referral.cases.documents.actions import (
    DOCUMENTS,
    begin_document,
    open_document,
    withdraw_document,
)
from referral.cases.documents.models import Document, DocumentPiece
from referral.cases.documents.tasks import rebuild_waiting, sweep_documents
from referral.cases.documents.workflow import MOVES, Status
from referral.cases.models import ClosureReason, Outcome
from referral.cases.referrals.actions import accept_referral, complete_referral
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.files.locks import moves
from referral.files.workflow import Part, Reason
from referral.lib.refusals import Refused
from referral.notices.kinds import Kind as NoticeKind
from referral.notices.models import Notice
from referral.organisations.roles import Role
from tests.attachments.files import document as pdf
from tests.attachments.files import photograph
from tests.clients import FormClient
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.documents import TITLE, begun_document, entry_of, make_document
from tests.factories.emergencies import make_officer
from tests.factories.people import sign_in
from tests.factories.referrals import make_lawyer, referral_at
from tests.factories.rights import restricted_at
from tests.sentences import bare, changed, unbroken

pytestmark = pytest.mark.django_db
ENDED = {
    "reason": ClosureReason.GOALS_REACHED,
    "outcome": Outcome.SAFE_SUPPORTED,
    "person_informed": True,
}


def seen_by(member, case):
    """The documents of a case for this member: by the queryset, and by the policies alone."""
    with acting(member, purpose="test"):
        by_queryset = Document.objects.visible_to(member).filter(case=case)
        assert set(by_queryset) == set(Document.objects.filter(case=case))
        pieces = DocumentPiece.objects.filter(document__in=by_queryset)
        assert set(pieces) == set(
            DocumentPiece.objects.visible_to(member).filter(document__case=case)
        )
        return {(one.category, one.status) for one in by_queryset}, pieces.exists()


def test_a_document_is_read_by_who_reads_the_notes_and_by_who_got_it_with_a_referral():
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    colleague, lawyer, officer = colleague_of(country.alice), make_lawyer(), make_officer()
    letter = make_document(case, by=colleague, data=photograph(place=True), name="scan.jpg")
    make_document(case, by=country.alice, category="medical")

    with acting(country.alice, purpose="test"):
        # Of an original stays its hash; the coordinator hears of what a colleague added.
        assert (letter.status, bool(letter.sha256_hex)) == (Status.READY, True)
        assert set(DocumentPiece.objects.values_list("part", flat=True)) == {Part.REBUILT}
        told = Notice.objects.visible_to(country.alice).get(kind=NoticeKind.DOCUMENT_ADDED)
        assert told.url == f"/cases/{case.pk}/?open=documents#documents"
    both = {("letter", "ready"), ("medical", "ready")}
    assert seen_by(country.alice, case) == seen_by(colleague, case) == (both, True)
    for nobody in (country.bob, country.desk, country.placement, officer, lawyer):
        assert seen_by(nobody, case) == (set(), False)

    # Before an answer nothing goes along, nor later without the section.
    later = timezone.now() + timedelta(seconds=1)
    offered = referral_at(
        ReferralStatus.OFFERED, country, receiver=lawyer, case=case, at=later,
        sections=["situation", "documents"], message="",
    )  # fmt: skip
    assert seen_by(lawyer, case) == (set(), False)
    with doing(lawyer):
        accepted = accept_referral(offered, by=lawyer, at=later)
    assert seen_by(lawyer, case) == ({("letter", "ready")}, True)
    with acting(lawyer, purpose="test"):
        assert open_document(letter, by=lawyer, at=timezone.now()).name == "scan.jpg"
    restricted_at(case.reference, by=officer, desk=country.desk)
    with acting(lawyer, purpose="test"):
        with pytest.raises(Document.DoesNotExist):
            open_document(letter, by=lawyer, at=timezone.now())
        complete_referral(accepted, result="helped", by=lawyer, at=later)
    assert seen_by(lawyer, case) == (set(), False)


def test_what_is_withdrawn_leaves_a_line_and_nothing_of_its_content():
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    alice, now = country.alice, timezone.now()
    ready, waiting = make_document(case, by=alice), make_document(case, by=alice, settled=False)
    assert {ready.status, waiting.status} == {Status.READY, Status.QUARANTINED}
    with doing(alice):
        assert TITLE.encode() not in bytes(ready.title)
        with pytest.raises(CaseRefused):
            withdraw_document(ready, why="", by=alice, at=now)
    for document in (ready, waiting):
        with acting(colleague_of(alice), purpose="test") as other:
            gone = withdraw_document(document, why="other_case", by=other, at=now)
        with doing(alice):
            assert (bytes(gone.name), bytes(gone.title)) == (b"", b"")
            with pytest.raises(MoveRefused):
                withdraw_document(document, why="twice", by=alice, at=now)
            with pytest.raises(Document.DoesNotExist):
                open_document(document, by=alice, at=now)
    rebuild_waiting()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        assert not DocumentPiece.objects.exists()
        assert Document.objects.filter(status=Status.WITHDRAWN).count() == 2
        cursor.execute("SET LOCAL ROLE baken_web")


def test_who_reads_and_no_longer_works_adds_and_withdraws_nothing():
    country = make_country()
    handed = handoff_at(HandoffStatus.ACCEPTED, country).case
    with acting(country.alice, purpose="test"), pytest.raises(MoveRefused):
        begin_document(entry_of(handed), name="a.pdf", size=9, by=country.alice, at=timezone.now())
    added = make_document(handed, by=country.bob)
    assert seen_by(country.alice, handed) == ({("letter", "ready")}, True)
    with doing(country.alice), pytest.raises(MoveRefused):
        withdraw_document(added, why="twice", by=country.alice, at=timezone.now())
    # While the person asked that the data are not used, who only reads along reads none.
    with acting(country.alice, purpose="test") as alice:
        assert open_document(added, by=alice, at=timezone.now()).data
    restricted_at(handed.reference, by=make_officer(), desk=country.desk)
    with acting(country.alice, purpose="test") as alice, pytest.raises(Document.DoesNotExist):
        open_document(added, by=alice, at=timezone.now())
    with acting(country.bob, purpose="test") as bob:
        assert open_document(added, by=bob, at=timezone.now()).data
    closed = case_at(CaseStatus.ACTIVE, country)
    stale, begun = entry_of(closed), begun_document(closed, by=country.alice)
    with doing(country.alice):
        close_case(closed, by=country.alice, at=timezone.now(), **ENDED)
        with pytest.raises(Document.DoesNotExist):
            DOCUMENTS.append_piece(begun, b"%PDF-", offset=0, by=country.alice, at=timezone.now())
        for entry in (stale, entry_of(handed, category="gossip")):
            with pytest.raises((Refused, type(closed).DoesNotExist)):
                begin_document(entry, name="a.pdf", size=9, by=country.alice, at=timezone.now())


def test_who_sent_a_file_that_is_no_good_hears_of_it():
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    refused = make_document(case, by=country.alice, name="a.pdf", data=pdf(password="secret"))
    assert (refused.status, refused.reason) == (Status.REFUSED, Reason.PASSWORD)
    with acting(country.alice, purpose="test") as alice:
        told = Notice.objects.visible_to(alice).get(kind=NoticeKind.DOCUMENT_REFUSED)
        assert (told.user_id, told.url) == (alice.user_id, refused.get_absolute_url())
        begin_document(entry_of(case), name="a.pdf", size=9, by=alice, at=timezone.now())
    with acting(service(Role.SERVICE_SWEEPER), purpose="test"):
        Document.objects.filter(status=Status.UPLOADING).update(
            next_attempt_at=timezone.now() - timedelta(days=2)
        )
    sweep_documents()
    with acting(country.alice, purpose="test"):
        assert set(Document.objects.values_list("reason", flat=True)) == {"password", "unfinished"}


def test_the_database_keeps_the_sentences_of_a_document():
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    document, now = make_document(case, by=country.alice, settled=False), timezone.now()
    piece = DocumentPiece(document=document, part=Part.ORIGINAL, offset=0, sealed=b"a")
    with bare(Document, DocumentPiece):
        assert not unbroken(
            {
                "document_status_is_known": changed(document, status="lost", settled_at=now),
                "document_is_of_a_kind_that_is_taken_in": changed(document, kind="exe"),
                "document_is_not_empty_nor_too_large": changed(document, size=0, received=0),
                "document_receives_no_more_than_its_size": changed(
                    document, status="uploading", received=10**8
                ),
                "document_leaves_the_upload_whole": changed(document, received=1),
                "document_that_is_refused_says_why": changed(
                    document, status="refused", settled_at=now
                ),
                "document_that_is_ready_was_read_and_made_anew": changed(
                    document, status="ready", settled_at=now
                ),
                "document_is_settled_or_under_way": changed(document, settled_at=now),
                "document_is_of_a_known_kind": changed(document, category="gossip"),
                "document_is_withdrawn_by_someone_for_a_reason": changed(
                    document, status="withdrawn", settled_at=now
                ),
                "piece_of_a_document_is_kept_once": lambda: piece.save(force_insert=True),
                "piece_of_a_document_is_of_a_known_part": lambda: DocumentPiece(
                    document=document, part="other", offset=9, sealed=b"a"
                ).save(force_insert=True),
            }
        )
    # Along the table only, by whose move it is; and what was sent stays as it came.
    own = Document.objects.filter(pk=document.pk)
    of_worker = {to: sides for to, sides in MOVES[Status.QUARANTINED].items() if "worker" in sides}
    with acting(country.alice, purpose="test"):
        for to in [
            *of_worker,
            Status.UPLOADING,
            Status.WITHDRAWN,
        ]:  # withdrawn, and still with its words
            with (
                pytest.raises(IntegrityError, match="document_moves_along_the_table"),
                transaction.atomic(),
            ):
                own.update(status=to)
        with pytest.raises(IntegrityError, match="document_keeps_its_origin"), transaction.atomic():
            own.update(title=b"another")


def test_documents_on_the_pages_of_a_coordinator_and_of_who_helps():
    country, lawyer = make_country(), make_lawyer()
    case = case_at(CaseStatus.ACTIVE, country)
    client = FormClient(headers={"accept-language": "en"})
    sign_in(client, country.alice)
    add = reverse("cases:documents:add", args=[case.pk])
    told = {"title": TITLE, "category": "decision", "dated_on": "2026-01-02"}
    with translation.override("en"):
        wrong = client.post(add, {**told, "title": "", "file": SimpleUploadedFile("a.exe", b"MZ")})
        assert wrong.status_code == 422
        file = SimpleUploadedFile("brief.jpg", photograph())
        page = client.post(add, {**told, "file": file}, follow=True).content.decode()
        assert "Decision · " in page
        assert 'hx-trigger="every 5s"' in page.partition('id="documents"')[2]

        data = photograph("PNG")
        begin = reverse("cases:documents:begin", args=[case.pk])
        assert client.post(begin, {"name": "a.png", "size": 9}).status_code == 422
        begun = client.post(begin, {**told, "name": "scan.png", "size": len(data)})
        done = client.patch(begun["Location"], data, headers={"upload-offset": "0"})
        assert (done.status_code, done["Upload-Offset"]) == (204, str(len(data)))
        rebuild_waiting()

        with acting(country.alice, purpose="test"):
            first, second = Document.objects.order_by("pk")
        taken = client.get(reverse("cases:documents:download", args=[first.pk]))
        assert taken["Content-Disposition"] == 'attachment; filename="brief.jpg"'
        assert taken["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        withdraw = reverse("cases:documents:withdraw", args=[second.pk])
        page = client.get(withdraw).content.decode()
        assert "cannot" not in page
        assert TITLE in page  # of one day there may be more than one
        page = client.post(withdraw, {"why": "twice"}, follow=True).content.decode()
        assert "It is in the case twice" in page
        assert "scan.png" not in page

        at = timezone.now() + timedelta(seconds=1)
        referral = referral_at(
            ReferralStatus.ACCEPTED, country, receiver=lawyer, case=case, at=at,
            sections=["situation", "documents"], message="",
        )  # fmt: skip
        sign_in(client, lawyer)
        along = reverse("cases:documents:of_referral", args=[referral.pk])
        assert along in client.get(referral.get_absolute_url()).content.decode()
        shown = client.get(along).content.decode()
        assert reverse("cases:documents:download", args=[first.pk]) in shown
        assert str(second.pk) not in shown


def test_the_table_of_attachments_moves_by_the_same_words():
    """Its migration is older than `referral.files.locks`, and says the same."""
    said = moves("attachment", "attachments_attachment", of_room=["signal_id"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('baken.attachment_moves_along_the_table'::regproc)"
        )
        stands = cursor.fetchone()[0]
    body = said.split("AS $$")[1].split("$$")[0]
    assert "".join(body.split()) in "".join(stands.split())
