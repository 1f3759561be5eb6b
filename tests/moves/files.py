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


def reads_document(document: Document, who: Membership) -> bool:
    """Who has the case; with whom it is shared is in tests/documents."""
    return may(who, P.CARE_NOTE_READ) and at_home(who, document.case.owner_organisation_id)


def reads_attachment(attachment: Attachment, who: Membership) -> bool:
    """Who reported the signal, their colleagues who read it as well, and the expert centre."""
    signal = attachment.signal
    own = may(who, P.SIGNAL_READ_OWN) and signal.created_by_id == who.user_id
    near = at_home(who, signal.reporter_organisation_id)
    return (near and (own or may(who, P.SIGNAL_READ_ORGANISATION))) or may(who, P.SIGNAL_READ_ALL)


def opens_evidence(attachment: Attachment, who: Membership) -> bool:
    return may(who, P.SIGNAL_EVIDENCE) and reads_attachment(attachment, who)


DOCUMENT = Life(Document, documents.MOVES, of_document, ("case",))
ATTACHMENT = Life(Attachment, files.MOVES, of_attachment, ("signal",))
FILES = (DOCUMENT, ATTACHMENT)
