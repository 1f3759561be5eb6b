"""What the worker does with a file in quarantine: ready, refused, or waiting for the scanner."""

import hashlib
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind as NoticeKind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.attachments.actions.sealing import keep_pieces, whole
from signals.attachments.models import Attachment, AttachmentPiece
from signals.attachments.rebuilding import Rebuilt
from signals.attachments.workflow import (
    MAX_ATTEMPTS,
    UPLOAD_TERM,
    Part,
    Reason,
    Status,
    pause_after,
)
from signals.models import Signal


@transaction.atomic
def claim_attachment(*, by: Membership, at: datetime) -> Attachment | None:
    """The file that waits longest, for this worker: for a while no other takes it up.

    A file at which workers stop again and again is refused in place of tried for ever.
    """
    found = Attachment.objects.visible_to(by).waiting(at).select_related("key")
    attachment = found.select_for_update(skip_locked=True, of=["self"]).first()
    if attachment is None:
        return None
    attachment.attempts += 1
    attachment.next_attempt_at = at + pause_after(attachment.attempts)
    attachment.save(update_fields=["attempts", "next_attempt_at"])
    if attachment.attempts > MAX_ATTEMPTS:
        refuse_attachment(attachment, reason=Reason.FAILED, by=by, at=at)
        return claim_attachment(by=by, at=at)
    return attachment


@transaction.atomic
def read_original(attachment: Attachment, *, by: Membership) -> bytes:
    """The file as it was sent, for the worker that makes it anew; read by nobody."""
    return whole(attachment, Part.ORIGINAL, size=attachment.size, key=attachment.key, by=by)


@transaction.atomic
def release_attachment(
    attachment: Attachment,
    rebuilt: Rebuilt,
    *,
    original: bytes,
    scanned: bool,
    by: Membership,
    at: datetime,
) -> Attachment:
    """Keep the file that was made anew, beside the original and its hash; from now on it is read."""
    locked = _locked(attachment, by=by)
    if locked is None:
        return attachment
    keep_pieces(locked, Part.REBUILT, rebuilt.data, key=locked.key)
    locked.sha256 = hashlib.sha256(original).digest()
    locked.rebuilt_size, locked.removed = len(rebuilt.data), list(rebuilt.removed)
    locked.scanned = scanned
    _settle(locked, Status.READY, at=at)
    record("attachment_released", on=locked, by=by, at=at)
    _tell_handler(locked, by=by, at=at)
    return locked


@transaction.atomic
def refuse_attachment(
    attachment: Attachment, *, reason: Reason, by: Membership, at: datetime
) -> Attachment:
    """The file is not taken in: why stays, its content goes, and who sent it hears of it."""
    locked = _locked(attachment, by=by)
    if locked is None:
        return attachment
    AttachmentPiece.objects.visible_to(by).filter(attachment=locked).delete()
    locked.reason = reason
    _settle(locked, Status.REFUSED, at=at)
    record("attachment_refused", on=locked, by=by, at=at, result="refused")
    found = Signal.objects.visible_to(by).filter(pk=locked.signal_id)
    signal = found.select_related("reporter_organisation").first()
    if signal is not None and signal.created_by_id == locked.created_by_id:
        post(
            NoticeKind.ATTACHMENT_REFUSED,
            to=signal.reporter_organisation,
            user=locked.created_by,
            on=locked,
            at=at,
        )
    return locked


@transaction.atomic
def keep_in_quarantine(attachment: Attachment, *, by: Membership, at: datetime) -> Attachment:
    """The scanner does not answer: the file waits, which counts as no attempt, and the platform's
    administrators hear of it once for all that wait.
    """
    locked = _locked(attachment, by=by)
    if locked is None:
        return attachment
    waiting = Attachment.objects.visible_to(by).filter(status=Status.QUARANTINED)
    told = waiting.filter(scanner_missed=True).exists()
    locked.attempts, locked.scanner_missed = 0, True
    locked.next_attempt_at = at + pause_after(0)
    locked.save(update_fields=["attempts", "scanner_missed", "next_attempt_at"])
    record("attachment_kept_in_quarantine", on=locked, by=by, at=at, result="failed")
    if not told:
        platform = Organisation.objects.of_type(OrganisationType.PLATFORM).get()
        post(
            NoticeKind.SCANNER_ALARM,
            to=platform,
            role=Role.PLATFORM_ADMIN,
            on=platform,
            at=at,
            urgent=True,
        )
    return locked


@transaction.atomic
def end_unfinished(*, by: Membership, at: datetime) -> int:
    """Refuse the uploads that stand still for a day; tell how many."""
    found = list(Attachment.objects.visible_to(by).unfinished_since(at - UPLOAD_TERM))
    for attachment in found:
        refuse_attachment(attachment, reason=Reason.UNFINISHED, by=by, at=at)
    return len(found)


def _locked(attachment: Attachment, *, by: Membership) -> Attachment | None:
    """The file as long as it is under way; None when another worker has settled it meanwhile."""
    found = Attachment.objects.visible_to(by).select_related("key", "created_by")
    locked = found.select_for_update(of=["self"]).get(pk=attachment.pk)
    return locked if locked.under_way else None


def _settle(attachment: Attachment, status: Status, *, at: datetime) -> None:
    attachment.status, attachment.settled_at = status, at
    attachment.save(
        update_fields=[
            "status", "reason", "sha256", "rebuilt_size", "removed", "scanned", "settled_at",
        ]
    )  # fmt: skip


def _tell_handler(attachment: Attachment, *, by: Membership, at: datetime) -> None:
    """Who has the signal at the expert centre hears of what others add to it."""
    found = Signal.objects.visible_to(by).filter(pk=attachment.signal_id)
    signal = found.select_related("taken_up_by").first()
    if signal is None or signal.taken_up_by in (None, attachment.created_by):
        return
    emm = Organisation.objects.of_type(OrganisationType.EMM).get()
    post(NoticeKind.ATTACHMENT_ADDED, to=emm, user=signal.taken_up_by, on=attachment, at=at)
