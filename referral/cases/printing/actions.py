"""Printing a case file. Each section is read by its own deed, which records the look."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from referral.audit.actions import record
from referral.cases.actions import open_case
from referral.cases.models import Case
from referral.cases.printing.rules import PrintPurpose, check_print
from referral.cases.views.paper import Paper
from referral.cases.views.parts import Part, PartMaker, Reading
from referral.lib.ids import uuid7
from referral.lib.pdf import pdf_of_html
from referral.organisations.models import Membership
from referral.persons.models import Person

STYLE = Path(settings.BASE_DIR, "templates", "components", "paper.css")


@dataclass(frozen=True, slots=True)
class Printed:
    """A section as it stands on paper."""

    title: str
    paper: Paper


@transaction.atomic
def print_case(
    case: Case,
    *,
    sections: Collection[str],
    purpose: str,
    by: Membership,
    at: datetime,
    more: Sequence[PartMaker] = (),
) -> bytes:
    """The chosen sections as PDF; on each page who printed them, when and what for.

    `more` are the parts of rooms above the case, as on its page. Raises Case.DoesNotExist, and
    CaseRefused where a section is not this reader's.
    """
    case, reach = open_case(case, by=by, at=at)
    reading = Reading(case, reach, by, at)
    chosen = check_print(reading, more, sections=sections, purpose=purpose)
    if reach.reads_identity:
        case.person = Person.objects.visible_to(by).select_related("key").get(pk=case.person_id)
    made_for = str(PrintPurpose(purpose).label)
    record(
        "case_printed",
        on=case,
        by=by,
        at=at,
        grant=reach.grant or "",
        purpose=made_for,
        ids=[part.slug for part in chosen],
        details={"purpose": purpose},
    )
    context = {
        "case": case,
        "purpose": made_for,
        "reader": by,
        "printed_at": timezone.localtime(at),
        "sections": list(_printed(chosen)),
        "language": get_language(),
    }
    html = render_to_string("printing/case_pdf.html", context)
    return pdf_of_html(html, style=STYLE.read_text(), identifier=str(uuid7()))


def _printed(parts: Iterable[Part]) -> Iterable[Printed]:
    return (Printed(part.title, part.paper()) for part in parts if part.paper is not None)
