"""The doors of the lives in tests/moves/files.py, and what the worker does with a file.

The worker has no page. Its deeds are actions, and everybody tries those as well: a member who
came to call one is stopped by the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from referral.cases.documents.actions import DOCUMENTS
from referral.cases.documents.workflow import Status
from referral.files.actions import Keeping
from referral.files.rebuilding import Rebuilt
from referral.files.workflow import Reason, Side
from referral.organisations.models import Membership
from signals.attachments.actions import ATTACHMENTS
from tests.factories.attachments import picture
from tests.moves.deeds import Arrow, Deed, Names, deed, plain
from tests.moves.files import (
    ATTACHMENT,
    DOCUMENT,
    opens_evidence,
    reads_attachment,
    reads_document,
)
from tests.moves.lives import Life

#: What is sent in the scene: small, so that one piece is the whole.
SENT = picture()


@dataclass(frozen=True, eq=False)
class Piece(Deed):
    """What comes in of an upload, with where it begins."""

    data: bytes = SENT

    def request(self, record: Any, names: Names) -> HttpRequest:
        return RequestFactory().patch(
            self.address(record, names),
            self.data,
            content_type="application/offset+octet-stream",
            headers={"upload-offset": str(record.received)},
        )


class Look(Deed):
    """A file that is taken along, which moves nothing."""

    def request(self, record: Any, names: Names) -> HttpRequest:
        return RequestFactory().get(self.address(record, names))


def release(keeping: Keeping[Any]) -> Callable[[Any, Membership], object]:
    def work(file: Any, by: Membership) -> object:
        rebuilt = Rebuilt(SENT, ())
        at = timezone.now()
        return keeping.release(file, rebuilt, original=SENT, scanned=False, by=by, at=at)

    return work


def refuse(keeping: Keeping[Any]) -> Callable[[Any, Membership], object]:
    return lambda file, by: keeping.refuse(file, reason=Reason.BROKEN, by=by, at=timezone.now())


def of_kept(life: Life, door: str, keeping: Keeping[Any]) -> tuple[Deed, ...]:
    """What is done with files wherever they are kept."""
    quarantined, refused = (Arrow(Status.QUARANTINED),), (Arrow(Status.REFUSED),)
    # What its sender sends is no such file from its first byte on.
    other = bytes(len(SENT))
    of_sender = (Arrow(Status.REFUSED, side=Side.SENDER),)
    return (
        Piece(door, door, life, quarantined),
        Piece(f"{door} other kind", door, life, of_sender, data=other),
        Deed(f"{keeping.word} release", "", life, (Arrow(Status.READY),), work=release(keeping)),
        Deed(f"{keeping.word} refuse", "", life, refused, work=refuse(keeping)),
    )


FILES = (
    *of_kept(DOCUMENT, "cases:documents:upload", DOCUMENTS),
    deed("cases:documents:withdraw", DOCUMENT, Status.WITHDRAWN, answers=plain(why="twice")),
    *of_kept(ATTACHMENT, "signals:attachments:upload", ATTACHMENTS),
)
#: Who takes a file along once it is ready.
OPENED = {
    Look("document", "cases:documents:download", DOCUMENT, ()): reads_document,
    Look("attachment", "signals:attachments:download", ATTACHMENT, ()): reads_attachment,
    Deed("evidence", "signals:attachments:evidence", ATTACHMENT, ()): opens_evidence,
}
