"""The only writers of documents, and the recorded reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_noop

from referral.audit.actions import record
from referral.cases.actions.holding import hold
from referral.cases.actions.notes import key_of
from referral.cases.documents.models import Document, DocumentPiece
from referral.cases.documents.querysets import DocumentQuerySet
from referral.cases.documents.rules import Entry, check_add, check_withdraw
from referral.cases.documents.workflow import Status
from referral.cases.models import Case
from referral.cases.referrals.models import Referral
from referral.cases.referrals.querysets import CaseIsRestricted
from referral.cases.rules import Reach, reach_of
from referral.files.actions import Keeping, OpenedFile
from referral.notices.actions import post
from referral.notices.kinds import Kind as NoticeKind
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission


class Documents(Keeping[Document]):
    """The files of cases. Nobody opens evidence here, so that of an original only its hash stays."""

    files, pieces = Document, DocumentPiece
    word, task = "document", "referral.cases.documents.tasks.rebuild_waiting"
    keeps_original = False

    def tell_received(self, file: Document, *, by: Membership, at: datetime) -> None:
        """Who coordinates the case hears of what somebody else adds to it."""
        case = Case.objects.visible_to(by).with_names().filter(pk=file.case_id).first()
        if case is None or case.coordinator is None:
            return
        owner, coordinator = case.owner_organisation, case.coordinator
        post(NoticeKind.DOCUMENT_ADDED, to=owner, user=coordinator, on=file, at=at)

    def tell_refused(self, file: Document, *, by: Membership, at: datetime) -> None:  # noqa: ARG002
        organisation, sender = file.organisation, file.created_by
        post(NoticeKind.DOCUMENT_REFUSED, to=organisation, user=sender, on=file, at=at)


DOCUMENTS = Documents()
#: Its lines, as the trail shows them.
IN_THE_TRAIL = (
    gettext_noop("Document begun"),
    gettext_noop("Document received"),
    gettext_noop("Document released"),
    gettext_noop("Document refused"),
    gettext_noop("Document kept in quarantine"),
    gettext_noop("Document opened"),
)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as a line, with its words; none of what was withdrawn."""

    document: Document
    title: str
    name: str


@transaction.atomic
def add_document(entry: Entry, *, name: str, data: bytes, by: Membership, at: datetime) -> Document:
    """A whole document at once."""
    document = begin_document(entry, name=name, size=len(data), by=by, at=at)
    return DOCUMENTS.append_whole(document, data, by=by, at=at)


@transaction.atomic
def begin_document(entry: Entry, *, name: str, size: int, by: Membership, at: datetime) -> Document:
    """Make room for a document, whose pieces follow.

    Raises MoveRefused, CaseRefused, or FileRefused for what is not taken in.
    """
    [case] = hold([entry.case], by=by)
    entry = replace(entry, case=case)  # as it stands now, not as the form found it
    there = Document.objects.visible_to(by).of(case).count()
    today = timezone.localdate(at)
    check_add(by, entry, reach=reach_of(case, by), there=there, today=today)
    prefetch_related_objects([case], "person__key")
    key = key_of(case)
    document = DOCUMENTS.new(
        name=name,
        size=size,
        key=key,
        by=by,
        at=at,
        case=case,
        organisation_id=by.organisation_id,
        category=entry.category,
        dated_on=entry.dated_on,
    )
    document.seal_title(entry.title.strip(), key=key)
    return DOCUMENTS.begin(document, by=by, at=at)


@transaction.atomic(savepoint=False)
def list_documents(
    case: Case, *, by: Membership, at: datetime, reach: Reach
) -> list[ListedDocument]:
    """All documents of a case with their titles, the newest first; the trail gets the ids shown."""
    listed = _with_words(Document.objects.visible_to(by).of(case).newest_first())
    if listed:
        ids = [one.document.pk for one in listed]
        record("documents_listed", on=case, by=by, at=at, ids=ids, grant=reach.grant or "")
    return listed


@transaction.atomic(savepoint=False)
def read_title(document: Document, *, by: Membership, at: datetime) -> str:
    """What the document is called, for who is about to withdraw it; nothing for who reads no
    documents of the case now.
    """
    reach = reach_of(Case(pk=document.case_id), by)
    if not reach.reads_all:
        return ""
    [line] = _with_words(Document.objects.visible_to(by).filter(pk=document.pk))
    ids = [document.pk]
    record("documents_listed", on=document.case, by=by, at=at, ids=ids, grant=reach.grant or "")
    return line.title


@transaction.atomic(savepoint=False)
def list_gone_along(referral: Referral, *, by: Membership, at: datetime) -> list[ListedDocument]:
    """What went along with a referral, for who helps."""
    found = Document.objects.visible_to(by).gone_along_with(referral).newest_first()
    listed = _with_words(found)
    ids = [one.document.pk for one in listed]
    record("documents_listed", on=referral, by=by, at=at, ids=ids, purpose=referral.purpose)
    return listed


@transaction.atomic
def open_document(document: Document, *, by: Membership, at: datetime) -> OpenedFile:
    """The document itself. Raises Document.DoesNotExist before it is ready, and for who helps or
    only reads along while the person asked that the data are not used.
    """
    reach = reach_of(Case(pk=document.case_id), by)
    if not reach.reads_all:
        usable = Document.objects.visible_to(by).exclude(CaseIsRestricted("case_id"))
        helps = by.may(Permission.REFERRAL_RECEIVE)
        if not (helps and usable.filter(pk=document.pk).exists()):
            raise Document.DoesNotExist
    return DOCUMENTS.open(document, by=by, at=at, grant=reach.grant or "")


@transaction.atomic
def withdraw_document(document: Document, *, why: str, by: Membership, at: datetime) -> Document:
    """Take it out of the case: its content and words are destroyed, and its line stays.

    The database deletes the pieces (`document_that_is_withdrawn_loses_its_content`).
    """
    [case] = hold([Case(pk=document.case_id)], by=by)
    found = Document.objects.visible_to(by).of(case).select_for_update(of=["self"])
    document = found.get(pk=document.pk)
    document.case = case
    check_withdraw(by, document, why, reach=reach_of(case, by))
    document.status, document.name, document.title = Status.WITHDRAWN, b"", b""
    document.settled_at = document.settled_at or at
    document.withdrawn_at, document.withdrawn_why = at, why
    document.withdrawn_by_id = by.user_id
    document.save(
        update_fields=[
            "status", "name", "title", "settled_at", "withdrawn_at", "withdrawn_by", "withdrawn_why",
        ]
    )  # fmt: skip
    record("document_withdrawn", on=document, by=by, at=at)
    return document


def _with_words(found: DocumentQuerySet) -> list[ListedDocument]:
    listed = []
    for document in found.select_related("key", "created_by", "organisation", "withdrawn_by"):
        if document.status == Status.WITHDRAWN:
            listed.append(ListedDocument(document, "", ""))
            continue
        key = document.key
        words = document.opened_title(key=key), document.opened_name(key=key)
        listed.append(ListedDocument(document, *words))
    return listed
