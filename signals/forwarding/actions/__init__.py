"""The only writers of extracts, and the recorded reads."""

from signals.forwarding.actions.reading import (
    HomeExtracts,
    OpenedExtract,
    extract_pdf,
    list_extracts,
    list_home_extracts,
    read_extract,
)
from signals.forwarding.actions.sections import NAMING, SECTIONS, Document, fingerprint
from signals.forwarding.actions.sending import (
    give_feedback,
    open_extract,
    preview_extract,
    recall_extract,
    send_extract,
)
from signals.forwarding.actions.terms import (
    remind_of_extract_feedback,
    remind_unopened,
    tell_overdue_extracts,
)

__all__ = [
    "NAMING",
    "SECTIONS",
    "Document",
    "HomeExtracts",
    "OpenedExtract",
    "extract_pdf",
    "fingerprint",
    "give_feedback",
    "list_extracts",
    "list_home_extracts",
    "open_extract",
    "preview_extract",
    "read_extract",
    "recall_extract",
    "remind_of_extract_feedback",
    "remind_unopened",
    "send_extract",
    "tell_overdue_extracts",
]
