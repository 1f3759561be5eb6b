"""Whose move it is in files that are kept, as in tests/moves/inner.py."""

from referral.cases.documents import workflow as documents
from referral.cases.documents.models import Document
from referral.files import workflow as files
from referral.organisations.models import Membership
from signals.attachments.models import Attachment
from signals.workflow import Status as SignalStatus
from tests.moves.inner import works
from tests.moves.lives import Life, P, Sides, at_home, chosen, may


def of_document(document: Document, who: Membership) -> Sides:
    """Who works on the case; of an upload, the very person who began it."""
    held = works(who, P.CARE_NOTE_WRITE, document.case)
    return {
        documents.Side(side)
        for side in chosen(
            sender=held and document.created_by_id == who.user_id,
            worker=may(who, P.DEADLINE_SWEEP),
            coordinator=held,
        )
    }


def of_attachment(attachment: Attachment, who: Membership) -> Sides:
    """Who began the upload, as long as the signal takes files from them."""
    signal = attachment.signal
    takes = signal.status != SignalStatus.CLOSED and (
        at_home(who, signal.reporter_organisation_id) or may(who, P.SIGNAL_READ_ALL)
    )
    own = may(who, P.SIGNAL_SUBMIT) and attachment.created_by_id == who.user_id
    return {
        files.Side(side) for side in chosen(sender=own and takes, worker=may(who, P.DEADLINE_SWEEP))
    }


DOCUMENT = Life(Document, documents.MOVES, of_document, ("case",))
ATTACHMENT = Life(Attachment, files.MOVES, of_attachment, ("signal",))
FILES = (DOCUMENT, ATTACHMENT)
