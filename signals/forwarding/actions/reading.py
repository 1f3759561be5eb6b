"""Looking at extracts. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.lib.pdf import pdf_of_html
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.enrichment.actions.facts import LANGUAGE
from signals.forwarding.actions.sections import Document, document_from
from signals.forwarding.actions.sending import about_extract
from signals.forwarding.models import Extract
from signals.forwarding.rules import can_read, check_read

ROWS_ON_HOME = 5
STYLE = Path(__file__).parents[3] / "templates" / "forwarding" / "extract_pdf.css"


@dataclass(frozen=True, slots=True)
class OpenedExtract:
    """An extract, and what stands in it; nothing while its receiver has not opened it."""

    extract: Extract
    document: Document | None


@dataclass(frozen=True, slots=True)
class HomeExtracts:
    """What the home page shows a receiver; no kind for everybody else."""

    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[Extract, ...] = ()


@transaction.atomic
def read_extract(extract: Extract, *, by: Membership, at: datetime) -> OpenedExtract:
    """Read an extract again, or its cover while it is not opened."""
    found = Extract.objects.visible_to(by).with_names().get(pk=extract.pk)
    if not can_read(by, found):
        record("extract_cover_read", by=by, at=at, on=found)
        return OpenedExtract(found, None)
    record("extract_read", by=by, at=at, on=found)
    return OpenedExtract(found, _document(found))


@transaction.atomic
def extract_pdf(extract: Extract, *, by: Membership, at: datetime) -> bytes:
    """The document on paper, with its classification and purpose on each page."""
    found = Extract.objects.visible_to(by).with_names().get(pk=extract.pk)
    check_read(by, found)
    record("extract_printed", by=by, at=at, on=found)
    context = {
        "document": _document(found),
        "extract": found,
        "reader": by.user,
        "printed_at": timezone.localtime(at),
    }
    with override(LANGUAGE):
        html = render_to_string("forwarding/extract_pdf.html", context)
    return pdf_of_html(html, style=STYLE.read_text(), identifier=str(found.pk))


def _document(extract: Extract) -> Document:
    return document_from(
        unseal(bytes(extract.sealed), key=extract.key, about=about_extract(extract.pk))
    )


@transaction.atomic(savepoint=False)
def list_extracts(found: Iterable[Extract], *, by: Membership, at: datetime) -> list[Extract]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    extracts = list(found)
    record("extracts_listed", by=by, at=at, ids=[extract.pk for extract in extracts])
    return extracts


@transaction.atomic(savepoint=False)
def list_home_extracts(*, by: Membership, at: datetime, tally: Tally | None = None) -> HomeExtracts:
    """What a receiver still has to open or to give feedback on, the soonest first."""
    if not by.may(Permission.SIGNAL_RECEIVE):
        return HomeExtracts()
    waiting = Extract.objects.visible_to(by).open()
    rows = tuple(waiting.with_names().soonest_first()[:ROWS_ON_HOME])
    if not rows:
        return HomeExtracts()
    record("extracts_listed", by=by, at=at, ids=[extract.pk for extract in rows])
    counts = (tally or Tally()).of(unopened=waiting.filter(opened_at=None))
    return HomeExtracts("receiver", counts, rows)
