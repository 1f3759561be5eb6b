"""The life of a file, once for every room that keeps files."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction

from referral.access.models import DataKey
from referral.audit.actions import record
from referral.files.actions.sealing import keep_pieces, whole
from referral.files.models import FilePiece, KeptFile
from referral.files.rebuilding import Rebuilt
from referral.files.rules import PIECE, check_file, check_piece, clean_name
from referral.files.workflow import (
    MAX_ATTEMPTS,
    MEDIA_TYPES,
    UPLOAD_TERM,
    Kind,
    Part,
    Reason,
    Status,
    pause_after,
)
from referral.notices.actions import post, wake
from referral.notices.kinds import Kind as NoticeKind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role

F = TypeVar("F", bound=KeptFile)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that somebody takes along."""

    name: str
    media_type: str
    data: bytes


class Keeping(ABC, Generic[F]):
    """What is done with the files of one room. The room says which they are, and who hears of them.

    Each method is a deed: one transaction, and its line in the trail.
    """

    files: type[F]
    pieces: type[FilePiece]
    #: How its lines in the trail begin: `attachment` makes `attachment_begun`.
    word: ClassVar[str]
    #: The task that is woken when a file is in quarantine.
    task: ClassVar[str]
    #: Whether the original stays once the file was made anew: sealed, as evidence.
    keeps_original: ClassVar[bool]

    def tell_received(self, file: F, *, by: Membership, at: datetime) -> None:
        """Post that a file has come in, as far as somebody must hear of it."""

    def tell_ready(self, file: F, *, by: Membership, at: datetime) -> None:
        """Post that there is a file to read, as far as somebody must hear of it."""

    @abstractmethod
    def tell_refused(self, file: F, *, by: Membership, at: datetime) -> None:
        """Post, to who sent it, that the worker refused a file."""

    def new(
        self, *, name: str, size: int, key: DataKey, by: Membership, at: datetime, **of_room: Any
    ) -> F:
        """A file that is to come in, not written yet. Raises FileRefused for what is not taken in."""
        name = clean_name(name)
        file = self.files(
            key=key,
            kind=check_file(name, size),
            size=size,
            created_at=at,
            created_by_id=by.user_id,
            next_attempt_at=at,
            **of_room,
        )
        file.seal_name(name, key=key)
        return file

    @transaction.atomic
    def begin(self, file: F, *, by: Membership, at: datetime) -> F:
        file.save(force_insert=True)
        record(f"{self.word}_begun", on=file, by=by, at=at)
        return file

    @transaction.atomic
    def append_whole(self, file: F, data: bytes, *, by: Membership, at: datetime) -> F:
        """A whole file at once: an upload in pieces that all come in one transaction."""
        for offset in range(0, len(data), PIECE):
            piece = data[offset : offset + PIECE]
            file = self.append_piece(file, piece, offset=offset, by=by, at=at)
        return file

    @transaction.atomic
    def append_piece(
        self, file: F, piece: bytes, *, offset: int, by: Membership, at: datetime
    ) -> F:
        """Keep the piece that begins at `offset`; with the last one the file is in quarantine.

        Raises UploadOutOfStep when the file ends elsewhere so far, and FileRefused when its
        beginning is not that of its kind; then the caller refuses the upload (refuse_upload).
        """
        file = self._own(file, by=by)
        check_piece(file, piece, offset=offset)

        keep_pieces(self.pieces, file, Part.ORIGINAL, piece, key=file.key, start=offset)
        file.received += len(piece)
        file.next_attempt_at = at
        if file.received == file.size:
            file.status = Status.QUARANTINED
            record(f"{self.word}_received", on=file, by=by, at=at)
            self.tell_received(file, by=by, at=at)
            wake(self.task)
        file.save(update_fields=["received", "next_attempt_at", "status"])
        return file

    @transaction.atomic
    def refuse_upload(self, file: F, *, reason: Reason, by: Membership, at: datetime) -> F:
        """What its sender sent is not such a file; nothing of it was kept."""
        file = self._own(file, by=by)
        if file.status == Status.UPLOADING:
            file.reason = reason
            self._settle(file, Status.REFUSED, at=at)
            record(f"{self.word}_refused", on=file, by=by, at=at, result="refused")
        return file

    @transaction.atomic
    def claim(self, *, by: Membership, at: datetime) -> F | None:
        """The file that waits longest, for this worker: for a while no other takes it up.

        A file at which workers stop again and again is refused in place of tried for ever.
        """
        found = self._seen(by).waiting(at).select_related("key")
        file: F | None = found.select_for_update(skip_locked=True, of=["self"]).first()
        if file is None:
            return None
        file.attempts += 1
        file.next_attempt_at = at + pause_after(file.attempts)
        file.save(update_fields=["attempts", "next_attempt_at"])
        if file.attempts > MAX_ATTEMPTS:
            self.refuse(file, reason=Reason.FAILED, by=by, at=at)
            return self.claim(by=by, at=at)
        return file

    @transaction.atomic
    def read_original(self, file: F, *, by: Membership) -> bytes:
        """The file as it was sent, for the worker that makes it anew; read by nobody."""
        return whole(self.pieces, file, Part.ORIGINAL, size=file.size, key=file.key, by=by)

    @transaction.atomic
    def release(
        self,
        file: F,
        rebuilt: Rebuilt,
        *,
        original: bytes,
        scanned: bool,
        by: Membership,
        at: datetime,
    ) -> F:
        """Keep the file that was made anew, and the hash of the original; from now on it is read."""
        locked = self._under_way(file, by=by)
        if locked is None:
            return file
        if not self.keeps_original:
            self.pieces.objects.visible_to(by).of(locked, Part.ORIGINAL).delete()
        keep_pieces(self.pieces, locked, Part.REBUILT, rebuilt.data, key=locked.key)
        locked.sha256 = hashlib.sha256(original).digest()
        locked.rebuilt_size, locked.removed = len(rebuilt.data), list(rebuilt.removed)
        locked.scanned = scanned
        self._settle(locked, Status.READY, at=at)
        record(f"{self.word}_released", on=locked, by=by, at=at)
        self.tell_ready(locked, by=by, at=at)
        return locked

    @transaction.atomic
    def refuse(self, file: F, *, reason: Reason, by: Membership, at: datetime) -> F:
        """The file is not taken in: why stays, its content goes, and who sent it hears of it."""
        locked = self._under_way(file, by=by)
        if locked is None:
            return file
        self.pieces.objects.visible_to(by).of(locked).delete()
        locked.reason = reason
        self._settle(locked, Status.REFUSED, at=at)
        record(f"{self.word}_refused", on=locked, by=by, at=at, result="refused")
        self.tell_refused(locked, by=by, at=at)
        return locked

    @transaction.atomic
    def keep_in_quarantine(self, file: F, *, by: Membership, at: datetime) -> F:
        """The scanner does not answer: the file waits, which counts as no attempt, and the
        platform's administrators hear of it once for all that wait.
        """
        locked = self._under_way(file, by=by)
        if locked is None:
            return file
        waiting = self._seen(by).filter(status=Status.QUARANTINED)
        told = waiting.filter(scanner_missed=True).exists()
        locked.attempts, locked.scanner_missed = 0, True
        locked.next_attempt_at = at + pause_after(0)
        locked.save(update_fields=["attempts", "scanner_missed", "next_attempt_at"])
        record(f"{self.word}_kept_in_quarantine", on=locked, by=by, at=at, result="failed")
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
    def end_unfinished(self, *, by: Membership, at: datetime) -> int:
        """Refuse the uploads that stand still for a day; tell how many."""
        found = list(self._seen(by).unfinished_since(at - UPLOAD_TERM))
        for file in found:
            self.refuse(file, reason=Reason.UNFINISHED, by=by, at=at)
        return len(found)

    @transaction.atomic
    def open(self, file: F, *, by: Membership, at: datetime, grant: object = "") -> OpenedFile:
        """The file that was made anew. Raises DoesNotExist before it is ready."""
        opened = self._opened(file, Part.REBUILT, by=by)
        record(f"{self.word}_opened", on=file, by=by, at=at, grant=grant)
        return opened

    @transaction.atomic
    def open_evidence(self, file: F, *, by: Membership, at: datetime) -> OpenedFile:
        """The file as it was sent, for who opens evidence. Raises DoesNotExist before it is ready."""
        opened = self._opened(file, Part.ORIGINAL, by=by)
        record(f"{self.word}_evidence_opened", on=file, by=by, at=at)
        return opened

    def _opened(self, file: F, part: Part, *, by: Membership) -> OpenedFile:
        file = self._seen(by).ready().select_related("key").get(pk=file.pk)
        size = (file.rebuilt_size or 0) if part == Part.REBUILT else file.size
        data = whole(self.pieces, file, part, size=size, key=file.key, by=by)
        return OpenedFile(file.opened_name(key=file.key), MEDIA_TYPES[Kind(file.kind)], data)

    def _seen(self, by: Membership) -> Any:
        return self.files.objects.visible_to(by)

    def _own(self, file: F, *, by: Membership) -> F:
        """The upload of who asks. Raises DoesNotExist for one of somebody else."""
        own = self._seen(by).sent_by(by).select_related("key")
        locked: F = own.select_for_update(of=["self"]).get(pk=file.pk)
        return locked

    def _under_way(self, file: F, *, by: Membership) -> F | None:
        """The file as long as it is under way; None when another worker has settled it meanwhile."""
        found = self._seen(by).select_related("key", "created_by")
        locked: F = found.select_for_update(of=["self"]).get(pk=file.pk)
        return locked if locked.under_way else None

    def _settle(self, file: F, status: Status, *, at: datetime) -> None:
        file.status, file.settled_at = status, at
        file.save(
            update_fields=[
                "status", "reason", "sha256", "rebuilt_size", "removed", "scanned", "settled_at",
            ]
        )  # fmt: skip
