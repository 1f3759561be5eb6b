"""Which files are taken in, and by how much at a time: each refusal in words."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from referral.files.models import LARGEST, KeptFile
from referral.files.workflow import Kind, Reason, Status
from referral.lib.refusals import Refused

#: How much is sealed as one piece: a request that sends more is refused, and one that sends less
#: than the least is so too, but for the last of a file.
PIECE, LEAST = 1_048_576, 65_536
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


def check_piece(file: KeptFile, piece: bytes, *, offset: int) -> None:
    if file.status != Status.UPLOADING or offset != file.received:
        raise UploadOutOfStep
    left = file.size - file.received
    if not min(LEAST, left) <= len(piece) <= min(PIECE, left):
        raise UploadOutOfStep
    if offset == 0:
        check_beginning(Kind(file.kind), piece)
