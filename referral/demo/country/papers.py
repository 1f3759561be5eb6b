"""Documents in two cases of the demo; all drawn here."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw

from referral.cases.documents.actions import DOCUMENTS, add_document
from referral.cases.documents.models import Category
from referral.cases.documents.rules import Entry
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working
from referral.files.tasks import rebuild_waiting

#: In the newest case, and in the one of which a helper gets documents (`referred.refer_some`).
PAPERS = {
    0: (
        (Category.LETTER, "Verzonnen: brief van de gemeente over de uitkering", "brief.pdf", 12),
        (Category.MEDICAL, "Verzonnen: verklaring van de huisarts", "huisarts.pdf", 5),
        (Category.PHOTO, "Verzonnen: foto van het werkrooster", "rooster.jpg", 2),
    ),
    3: ((Category.DECISION, "Verzonnen: besluit bijzondere bijstand", "besluit.pdf", 8),),
}


def keep_papers(country: Country, *, now: datetime) -> None:
    """A few documents with the newest cases of the coordinators of Rotterdam."""
    at = now - timedelta(hours=3)
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    with working(coordinator):
        found = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE,
            owner_organisation=coordinator.organisation_id,
            offered_to=None,
        )
        cases = dict(enumerate(found.order_by("-opened_at")[: max(PAPERS) + 1]))
        for number, papers in PAPERS.items():
            for category, title, name, days in papers if number in cases else ():
                day = timezone.localdate(at) - timedelta(days=days)
                entry = Entry(case=cases[number], category=category, dated_on=day, title=title)
                data = paper(title, "JPEG" if name.endswith(".jpg") else "PDF")
                add_document(entry, name=name, data=data, by=coordinator, at=at)
    rebuild_waiting(DOCUMENTS, clock=lambda: at)


def paper(title: str, form: str) -> bytes:
    """A sheet with its title, and lines where words would be."""
    image, written = Image.new("RGB", (420, 594), "#ffffff"), BytesIO()
    pen = ImageDraw.Draw(image)
    pen.text((40, 50), title, fill="#1d2733")
    for top in range(110, 540, 22):
        pen.line((40, top, 380 - top % 5 * 20, top), fill="#8894a0", width=3)
    image.save(written, form)
    return written.getvalue()
