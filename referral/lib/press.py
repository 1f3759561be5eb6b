"""WeasyPrint, with nothing fetched from outside. Printed through `referral.lib.pdf`."""

from functools import cache
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


def printed(html: str, *, style: str, identifier: str) -> bytes:
    """Return the PDF (PDF/UA-1) of a whole page; see referral.lib.pdf."""
    sheet, configuration = _look(style)
    content: bytes = HTML(string=html, url_fetcher=Inside()).write_pdf(
        stylesheets=[sheet],
        font_config=configuration,
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier.encode(),
    )
    return content


@cache
def _look(style: str) -> tuple[CSS, FontConfiguration]:
    """A style is read once: that takes as long as writing a small document."""
    configuration = FontConfiguration()
    return CSS(string=style, font_config=configuration, url_fetcher=Inside()), configuration
