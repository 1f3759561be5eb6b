"""The papers of a participant as a PDF: whose they are and how secret stands on each page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from signals.deliberation.models import Participant

PAGE, STYLE = "deliberation/pack_pdf.html", "deliberation/pack_pdf.css"


class FetchRefused(FatalURLFetchingError):  # type: ignore[misc]
    """The papers read nothing from the network and nothing from disk."""


class Nothing(URLFetcher):  # type: ignore[misc]
    """Opens no address at all."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        raise FetchRefused(url)


def pdf_of(participant: Participant, points: Sequence[dict[str, Any]], *, at: datetime) -> bytes:
    """A tagged PDF (PDF/UA-1) of what this participant may see, in the language that is on."""
    html = HTML(string=page_of(participant, points, at=at), url_fetcher=Nothing())
    content: bytes = html.write_pdf(
        stylesheets=[_style()],
        pdf_variant="pdf/ua-1",
        pdf_identifier=str(participant.pk).encode(),
    )
    return content


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


@cache
def _style() -> CSS:
    return CSS(string=render_to_string(STYLE), url_fetcher=Nothing())
