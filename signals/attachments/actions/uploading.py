"""A file comes in, piece by piece or all at once, and goes into quarantine when it is whole."""

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.actions import wake
from referral.organisations.models import Membership
from signals.attachments.actions.sealing import keep_pieces, sealed_name
from signals.attachments.models import Attachment
from signals.attachments.rules import (
    PIECE,
    check_attach,
    check_file,
    check_piece,
    clean_name,
)
from signals.attachments.workflow import Part, Reason, Status
from signals.models import Signal, SignalNarrative

REBUILD = "signals.attachments.tasks.rebuild_waiting"


@transaction.atomic
def attach_file(
    signal: Signal, *, name: str, data: bytes, by: Membership, at: datetime
) -> Attachment:
    """A whole file at once: an upload in pieces that all come in one transaction."""
    attachment = begin_upload(signal, name=name, size=len(data), by=by, at=at)
    for offset in range(0, len(data), PIECE):
        piece = data[offset : offset + PIECE]
        attachment = append_piece(attachment, piece, offset=offset, by=by, at=at)
    return attachment


@transaction.atomic
def begin_upload(
    signal: Signal, *, name: str, size: int, by: Membership, at: datetime
) -> Attachment:
    """Make room for a file of this name and size. Raises FileRefused for what is not taken in."""
    there = Attachment.objects.visible_to(by).of(signal).exclude(status=Status.REFUSED).count()
    check_attach(by, signal, there=there)
    name = clean_name(name)
    kind = check_file(name, size)

    narrative = SignalNarrative.objects.visible_to(by).select_related("key").get(pk=signal.pk)
    attachment = Attachment(
        signal=signal,
        key=narrative.key,
        kind=kind,
        size=size,
        created_at=at,
        created_by_id=by.user_id,
        next_attempt_at=at,
    )
    attachment.name = sealed_name(attachment, name, key=narrative.key)
    attachment.save(force_insert=True)
    record("attachment_begun", on=attachment, by=by, at=at)
    return attachment


@transaction.atomic
def append_piece(
    attachment: Attachment, piece: bytes, *, offset: int, by: Membership, at: datetime
) -> Attachment:
    """Keep the piece that begins at `offset`; with the last one the file is in quarantine.

    Raises UploadOutOfStep when the file ends elsewhere so far, and FileRefused when its
    beginning is not that of its kind; then the caller refuses the upload (refuse_upload).
    """
    attachment = _locked(attachment, by=by)
    check_piece(attachment, piece, offset=offset)

    keep_pieces(attachment, Part.ORIGINAL, piece, key=attachment.key, start=offset)
    attachment.received += len(piece)
    attachment.next_attempt_at = at
    if attachment.received == attachment.size:
        attachment.status = Status.QUARANTINED
        record("attachment_received", on=attachment, by=by, at=at)
        wake(REBUILD)
    attachment.save(update_fields=["received", "next_attempt_at", "status"])
    return attachment


@transaction.atomic
def refuse_upload(
    attachment: Attachment, *, reason: Reason, by: Membership, at: datetime
) -> Attachment:
    """What its sender sent is not such a file; nothing of it was kept."""
    attachment = _locked(attachment, by=by)
    if attachment.status == Status.UPLOADING:
        attachment.status, attachment.reason, attachment.settled_at = Status.REFUSED, reason, at
        attachment.save(update_fields=["status", "reason", "settled_at"])
        record("attachment_refused", on=attachment, by=by, at=at, result="refused")
    return attachment


def _locked(attachment: Attachment, *, by: Membership) -> Attachment:
    """The upload of who asks. Raises Attachment.DoesNotExist for one of somebody else."""
    own = Attachment.objects.visible_to(by).sent_by(by).select_related("key")
    return own.select_for_update(of=["self"]).get(pk=attachment.pk)
