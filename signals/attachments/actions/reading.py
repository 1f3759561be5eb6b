"""Looking at the files of a signal. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.attachments.actions.sealing import name_of, whole
from signals.attachments.models import Attachment
from signals.attachments.workflow import MEDIA_TYPES, Kind, Part
from signals.models import Signal


@dataclass(frozen=True, slots=True)
class ListedAttachment:
    """A file as a line on the page of its signal."""

    attachment: Attachment
    name: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that somebody takes along."""

    name: str
    media_type: str
    data: bytes


@transaction.atomic(savepoint=False)
def list_attachments(signal: Signal, *, by: Membership, at: datetime) -> list[ListedAttachment]:
    """The files with a signal, by name; the trail gets the ids shown."""
    found = Attachment.objects.visible_to(by).of(signal).select_related("key", "created_by")
    listed = [ListedAttachment(one, name_of(one, one.key)) for one in found.oldest_first()]
    if listed:
        record("attachments_listed", by=by, at=at, ids=[one.attachment.pk for one in listed])
    return listed


@transaction.atomic
def open_attachment(attachment: Attachment, *, by: Membership, at: datetime) -> OpenedFile:
    """The file that was made anew. Raises Attachment.DoesNotExist before it is ready."""
    opened = _opened(attachment, Part.REBUILT, by=by)
    record("attachment_opened", on=attachment, by=by, at=at)
    return opened


@transaction.atomic
def open_evidence(attachment: Attachment, *, by: Membership, at: datetime) -> OpenedFile:
    """The file as it was sent, for a coordinator of the expert centre."""
    opened = _opened(attachment, Part.ORIGINAL, by=by)
    record("attachment_evidence_opened", on=attachment, by=by, at=at)
    return opened


def _opened(attachment: Attachment, part: Part, *, by: Membership) -> OpenedFile:
    ready = Attachment.objects.visible_to(by).ready().select_related("key")
    attachment = ready.get(pk=attachment.pk)
    size = (attachment.rebuilt_size or 0) if part == Part.REBUILT else attachment.size
    data = whole(attachment, part, size=size, key=attachment.key, by=by)
    return OpenedFile(name_of(attachment, attachment.key), MEDIA_TYPES[Kind(attachment.kind)], data)
