"""Documents as they come about: added by a coordinator, and made anew by the worker."""

from django.utils import timezone

from referral.access.context import acting
from referral.cases.documents.actions import add_document, begin_document
from referral.cases.documents.models import Document
from referral.cases.documents.rules import Entry
from referral.cases.documents.tasks import rebuild_waiting
from referral.cases.models import Case
from referral.organisations.models import Membership
from tests.factories.attachments import picture

TITLE = "Beschikking Zmyślona"


def entry_of(case: Case, category: str = "letter", title: str = TITLE) -> Entry:
    return Entry(case=case, category=category, dated_on=timezone.localdate(), title=title)


def make_document(
    case: Case,
    *,
    by: Membership,
    category: str = "letter",
    name: str = "brief.png",
    data: bytes = b"",
    settled: bool = True,
) -> Document:
    """A document of this case; ready, or refused when the file is no good."""
    with acting(by, purpose="test"):
        entry = entry_of(case, category)
        made = add_document(entry, name=name, data=data or picture(), by=by, at=timezone.now())
    if settled:
        rebuild_waiting()
    with acting(by, purpose="test"):
        return Document.objects.visible_to(by).get(pk=made.pk)


def begun_document(case: Case, *, by: Membership) -> Document:
    with acting(by, purpose="test"):
        at = timezone.now()
        return begin_document(entry_of(case), name="scan.pdf", size=3_000_000, by=by, at=at)
