"""Paper out of HTML: tagged PDF (PDF/UA-1), with nothing fetched from outside."""

from functools import cache
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class FetchRefused(FatalURLFetchingError):  # type: ignore[misc]
    """A document reads nothing from the network, and nothing from disk but its own parts."""


class Inside(URLFetcher):  # type: ignore[misc]
    """Opens what the document carries within itself, and nothing else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            raise FetchRefused(url)
        return super().fetch(url, headers)


def pdf_of_html(html: str, *, style: Path, identifier: str) -> bytes:
    """Return the PDF of a whole page, in the system's own fonts."""
    sheet, configuration = _look(style)
    content: bytes = HTML(string=html, url_fetcher=Inside()).write_pdf(
        stylesheets=[sheet],
        font_config=configuration,
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier.encode(),
    )
    return content


@cache
def _look(style: Path) -> tuple[CSS, FontConfiguration]:
    """A style is read once: that takes as long as writing a small document."""
    configuration = FontConfiguration()
    sheet = CSS(string=style.read_text(), font_config=configuration, url_fetcher=Inside())
    return sheet, configuration
