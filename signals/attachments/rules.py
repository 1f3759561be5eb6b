"""Which files are taken in, from whom, and by how much at a time: each refusal in words."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from signals.attachments.models import LARGEST, Attachment
from signals.attachments.workflow import Kind, Reason, Status
from signals.models import Signal
from signals.rules import side_holds
from signals.workflow import Side
from signals.workflow import Status as SignalStatus

#: How much is sealed as one piece: a request that sends more is refused, and one that sends less
#: than the least is so too, but for the last of a file.
PIECE, LEAST = 1_048_576, 65_536
MOST = 20
LONGEST_NAME = 120

EXTENSIONS = {".jpg": Kind.JPG, ".jpeg": Kind.JPG, ".png": Kind.PNG, ".pdf": Kind.PDF}
EXTENSIONS[".docx"] = Kind.DOCX
#: How each kind begins.
MAGIC: dict[Kind, bytes] = {
    Kind.JPG: b"\xff\xd8\xff",
    Kind.PNG: b"\x89PNG\r\n\x1a\n",
    Kind.PDF: b"%PDF-",
    Kind.DOCX: b"PK\x03\x04",
}


class FileRefused(Refused):
    """A file that is not taken in; `reason` is its code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.label)
        self.reason = reason
        self.reasons = {"file": str(reason.label)}

    def __str__(self) -> str:
        return str(self.reason.label)


class UploadOutOfStep(Refused):
    """The piece does not begin where the file ends so far; ask where it does, and go on there."""

    def __str__(self) -> str:
        return _("This piece does not follow on what was received.")


def clean_name(name: str) -> str:
    """The bare name of a file, without folders and without what no screen shows."""
    bare = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    stem, suffix = PurePath(bare).stem, PurePath(bare).suffix
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"


def check_file(name: str, size: int) -> Kind:
    """The kind of the file by its name. Raises FileRefused for what is not taken in."""
    kind = EXTENSIONS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise FileRefused(Reason.EXTENSION)
    if size < 1:
        raise FileRefused(Reason.EMPTY)
    if size > LARGEST:
        raise FileRefused(Reason.TOO_LARGE)
    return kind


def check_beginning(kind: Kind, head: bytes) -> None:
    """The content begins as this kind does: at its first byte, not somewhere after it."""
    if not head.startswith(MAGIC[kind]):
        raise FileRefused(Reason.OTHER_KIND)


def check_piece(attachment: Attachment, piece: bytes, *, offset: int) -> None:
    if attachment.status != Status.UPLOADING or offset != attachment.received:
        raise UploadOutOfStep
    left = attachment.size - attachment.received
    if not min(LEAST, left) <= len(piece) <= min(PIECE, left):
        raise UploadOutOfStep
    if offset == 0:
        check_beginning(Kind(attachment.kind), piece)


def can_attach(member: Membership, signal: Signal) -> bool:
    """Who reported, a colleague who reads the signal as well, and the expert centre."""
    sides = (Side.REPORTER, Side.ANALYST)
    is_open = signal.status != SignalStatus.CLOSED
    return is_open and any(side_holds(member, signal, side) for side in sides)


def check_attach(member: Membership, signal: Signal, *, there: int) -> None:
    if signal.status == SignalStatus.CLOSED:
        raise Refused(_("This signal is closed. Send a new signal for what you have now."))
    if not can_attach(member, signal):
        raise Refused(_("Files are added by who reported, or by the expert centre."))
    if there >= MOST:
        raise Refused(_("A signal has at most %s files.") % MOST)
