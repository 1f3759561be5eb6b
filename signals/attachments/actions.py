"""The only writers of attachments, and the recorded reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from referral.audit.actions import record
from referral.files.actions import Keeping
from referral.files.workflow import Status
from referral.notices.actions import post
from referral.notices.kinds import Kind as NoticeKind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from signals.attachments.models import Attachment, AttachmentPiece
from signals.attachments.rules import check_attach
from signals.models import Signal, SignalNarrative


class Attachments(Keeping[Attachment]):
    """The files of signals."""

    files, pieces = Attachment, AttachmentPiece
    word, task = "attachment", "signals.attachments.tasks.rebuild_waiting"
    keeps_original = True

    def tell_ready(self, file: Attachment, *, by: Membership, at: datetime) -> None:
        """Who has the signal at the expert centre hears of what others add to it."""
        found = Signal.objects.visible_to(by).filter(pk=file.signal_id)
        signal = found.select_related("taken_up_by").first()
        if signal is None or signal.taken_up_by in (None, file.created_by):
            return
        emm = Organisation.objects.of_type(OrganisationType.EMM).get()
        post(NoticeKind.ATTACHMENT_ADDED, to=emm, user=signal.taken_up_by, on=file, at=at)

    def tell_refused(self, file: Attachment, *, by: Membership, at: datetime) -> None:
        """Who reported hears that their own file was refused."""
        found = Signal.objects.visible_to(by).filter(pk=file.signal_id)
        signal = found.select_related("reporter_organisation").first()
        if signal is not None and signal.created_by_id == file.created_by_id:
            post(
                NoticeKind.ATTACHMENT_REFUSED,
                to=signal.reporter_organisation,
                user=file.created_by,
                on=file,
                at=at,
            )


ATTACHMENTS = Attachments()
#: Its lines, as the trail shows them.
IN_THE_TRAIL = (
    gettext_noop("Attachment begun"),
    gettext_noop("Attachment received"),
    gettext_noop("Attachment released"),
    gettext_noop("Attachment refused"),
    gettext_noop("Attachment kept in quarantine"),
    gettext_noop("Attachment opened"),
    gettext_noop("Attachment evidence opened"),
)
append_piece, refuse_upload = ATTACHMENTS.append_piece, ATTACHMENTS.refuse_upload
claim_attachment, read_original = ATTACHMENTS.claim, ATTACHMENTS.read_original
end_unfinished = ATTACHMENTS.end_unfinished
open_attachment, open_evidence = ATTACHMENTS.open, ATTACHMENTS.open_evidence


@dataclass(frozen=True, slots=True)
class ListedAttachment:
    """A file as a line on the page of its signal."""

    attachment: Attachment
    name: str


@transaction.atomic
def attach_file(
    signal: Signal, *, name: str, data: bytes, by: Membership, at: datetime
) -> Attachment:
    """A whole file at once."""
    attachment = begin_upload(signal, name=name, size=len(data), by=by, at=at)
    return ATTACHMENTS.append_whole(attachment, data, by=by, at=at)


@transaction.atomic
def begin_upload(
    signal: Signal, *, name: str, size: int, by: Membership, at: datetime
) -> Attachment:
    """Make room for a file of this name and size. Raises FileRefused for what is not taken in."""
    there = Attachment.objects.visible_to(by).of(signal).exclude(status=Status.REFUSED).count()
    check_attach(by, signal, there=there)
    narrative = SignalNarrative.objects.visible_to(by).select_related("key").get(pk=signal.pk)
    attachment = ATTACHMENTS.new(
        name=name, size=size, key=narrative.key, by=by, at=at, signal=signal
    )
    return ATTACHMENTS.begin(attachment, by=by, at=at)


@transaction.atomic(savepoint=False)
def list_attachments(signal: Signal, *, by: Membership, at: datetime) -> list[ListedAttachment]:
    """The files with a signal, by name; the trail gets the ids shown."""
    found = Attachment.objects.visible_to(by).of(signal).select_related("key", "created_by")
    listed = [ListedAttachment(one, one.opened_name(key=one.key)) for one in found.oldest_first()]
    if listed:
        record("attachments_listed", by=by, at=at, ids=[one.attachment.pk for one in listed])
    return listed
