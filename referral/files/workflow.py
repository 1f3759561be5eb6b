"""The life of a file that is kept, as one table. A move that is not listed does not exist.

A trigger on each table of files says the same (`locks.moves`).
"""

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """How far a file has come."""

    UPLOADING = "uploading", _("Being uploaded")
    QUARANTINED = "quarantined", _("In quarantine")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("File refused")


class Side(StrEnum):
    """Whose move it is."""

    SENDER = "sender"  # who began the upload
    WORKER = "worker"  # the service that makes files anew


_WORKER = frozenset({Side.WORKER})

# From a status, to a status, and whose move it is: one of these sides.
MOVES: dict[Status, dict[Status, frozenset[Side]]] = {
    Status.UPLOADING: {
        Status.QUARANTINED: frozenset({Side.SENDER}),
        # The beginning is no such file, or the end never came.
        Status.REFUSED: frozenset({Side.SENDER, Side.WORKER}),
    },
    Status.QUARANTINED: {Status.READY: _WORKER, Status.REFUSED: _WORKER},
    Status.READY: {},
    Status.REFUSED: {},
}
UNDER_WAY = tuple(status for status in Status if MOVES[status])


class Kind(models.TextChoices):
    """What files are taken in."""

    JPG = "jpg", _("Photograph (jpg)")
    PNG = "png", _("Image (png)")
    PDF = "pdf", _("Document (pdf)")
    DOCX = "docx", _("Word document (docx)")


MEDIA_TYPES: dict[Kind, str] = {
    Kind.JPG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Part(models.TextChoices):
    """Two files are kept of one: as it was sent, and as it was made anew."""

    ORIGINAL = "original", _("Original")
    REBUILT = "rebuilt", _("Made anew")


class Reason(models.TextChoices):
    """Why a file is refused, as the sentence for who sent it; each says what to do."""

    EMPTY = "empty", _("The file is empty. Choose another one.")
    TOO_LARGE = (
        "too_large",
        _("The file is larger than 30 MB. Make it smaller, or send it in parts."),
    )
    EXTENSION = "extension", _("Send a jpg, png, pdf or docx file; others are not taken in.")
    OTHER_KIND = (
        "other_kind",
        _(
            "The content of the file is not what its name says. Save it again as jpg, png, pdf or docx."
        ),
    )
    BROKEN = (
        "broken",
        _("The file is damaged or not complete. Open it, save it again, and send that file."),
    )
    TOO_MANY_PIXELS = (
        "too_many_pixels",
        _("The image has more than 60 million pixels. Make it smaller and send it again."),
    )
    PASSWORD = "password", _("The document has a password. Save it without one and send it again.")
    MACROS = (
        "macros",
        _("The document holds macros or commands. Save it as pdf and send that file."),
    )
    OUTSIDE = (
        "outside",
        _("The document fetches something from elsewhere. Save it as pdf and send that file."),
    )
    INSIDE = (
        "inside",
        _(
            "The document holds another file of a kind that is not taken in. Save it as pdf and send that file."
        ),
    )
    BOMB = (
        "bomb",
        _("Unpacked, the document is far too large. Save it as pdf and send that file."),
    )
    VIRUS = "virus", _("The scanner found harmful software in the file. Do not send it again.")
    UNFINISHED = "unfinished", _("The upload was not finished within a day. Send the file again.")
    FAILED = (
        "failed",
        _("The file could not be made anew. Save it in another way and send it again."),
    )


class Removal(models.TextChoices):
    """What a file held that the file made anew does not hold."""

    METADATA = "metadata", _("place, time and camera")
    HIDDEN = "hidden", _("data hidden after the image")
    SCRIPTS = "scripts", _("scripts and actions")
    FILES = "files", _("files inside the document")
    AUTHORS = "authors", _("names of authors and programs")


#: An upload that stands still so long is given up.
UPLOAD_TERM = timedelta(days=1)
#: So often a file is tried that makes the worker stop; then it is refused.
MAX_ATTEMPTS = 5


def pause_after(attempts: int) -> timedelta:
    """How long a worker may be silent on a file before another takes it up."""
    return timedelta(minutes=2 * max(attempts, 1))
