"""The only writers of attachments, and the recorded reads."""

from signals.attachments.actions.reading import (
    ListedAttachment,
    OpenedFile,
    list_attachments,
    open_attachment,
    open_evidence,
)
from signals.attachments.actions.settling import (
    claim_attachment,
    end_unfinished,
    keep_in_quarantine,
    read_original,
    refuse_attachment,
    release_attachment,
)
from signals.attachments.actions.uploading import (
    append_piece,
    attach_file,
    begin_upload,
    refuse_upload,
)

__all__ = [
    "ListedAttachment",
    "OpenedFile",
    "append_piece",
    "attach_file",
    "begin_upload",
    "claim_attachment",
    "end_unfinished",
    "keep_in_quarantine",
    "list_attachments",
    "open_attachment",
    "open_evidence",
    "read_original",
    "refuse_attachment",
    "refuse_upload",
    "release_attachment",
]
