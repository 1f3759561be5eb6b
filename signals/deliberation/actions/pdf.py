"""Papers and minutes as a PDF: for whom they are and how secret stands on each page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import get_language

from referral.lib.pdf import pdf_of_html
from referral.organisations.models import Membership
from signals.deliberation.models import Participant

if TYPE_CHECKING:
    from signals.deliberation.actions.deciding import OpenedMeeting

PAGE, STYLE = "deliberation/pack_pdf.html", "deliberation/pack_pdf.css"
MINUTES = "deliberation/minutes_pdf.html"


def pdf_of(participant: Participant, points: Sequence[dict[str, Any]], *, at: datetime) -> bytes:
    """A tagged PDF (PDF/UA-1) of what this participant may see, in the language that is on."""
    return _printed(page_of(participant, points, at=at), identifier=participant.pk)


def pdf_of_minutes(opened: OpenedMeeting, *, reader: Membership, at: datetime) -> bytes:
    """A tagged PDF (PDF/UA-1) of locked minutes, in the language that is on."""
    return _printed(minutes_page(opened, reader=reader, at=at), identifier=opened.meeting.pk)


def minutes_page(opened: OpenedMeeting, *, reader: Membership, at: datetime) -> str:
    """The page of minutes that is printed."""
    context = {"opened": opened, "meeting": opened.meeting, "reader": reader, "at": at}
    return render_to_string(MINUTES, {**context, "language": get_language()})


def _printed(page: str, *, identifier: UUID) -> bytes:
    return pdf_of_html(page, style=render_to_string(STYLE), identifier=str(identifier))


def page_of(participant: Participant, points: Sequence[dict[str, Any]], *, at: datetime) -> str:
    """The page that is printed."""
    return render_to_string(
        PAGE,
        {
            "participant": participant,
            "meeting": participant.meeting,
            "points": points,
            "at": at,
            "language": get_language(),
        },
    )
