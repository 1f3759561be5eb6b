"""Files made anew out of what they show. Bytes in, bytes out: no database, no files on disk.

What is not read as part of the picture or the text is not written again. So the new file does not
hold what was hidden in the old one, whether somebody knew of it or not.
"""

from collections.abc import Callable

from referral.files.rebuilding.docx import rebuild_docx
from referral.files.rebuilding.images import rebuild_jpg, rebuild_png
from referral.files.rebuilding.pdf import rebuild_pdf
from referral.files.rebuilding.rebuilt import Rebuilt, Unfit
from referral.files.workflow import Kind

_REBUILDERS: dict[Kind, Callable[[bytes], Rebuilt]] = {
    Kind.JPG: rebuild_jpg,
    Kind.PNG: rebuild_png,
    Kind.PDF: rebuild_pdf,
    Kind.DOCX: rebuild_docx,
}


def rebuild(kind: Kind, data: bytes) -> Rebuilt:
    """The file made anew, and what it no longer holds. Raises Unfit with the reason."""
    return _REBUILDERS[kind](data)


__all__ = ["Rebuilt", "Unfit", "rebuild"]
