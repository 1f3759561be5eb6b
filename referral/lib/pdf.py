"""Paper out of HTML: tagged PDF (PDF/UA-1), with nothing fetched from outside."""


def pdf_of_html(html: str, *, style: str, identifier: str) -> bytes:
    """Return the PDF of a whole page in this style sheet.

    FetchRefused (referral.lib.press) when the page asks for anything that it does not carry.
    """
    # Half a second, and as much memory as the rest: for the processes that print.
    from referral.lib.press import printed  # noqa: PLC0415

    return printed(html, style=style, identifier=identifier)
