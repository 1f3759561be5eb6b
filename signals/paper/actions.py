"""Printing a signal: a look that is recorded under a name of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from referral.lib.ids import uuid7
from referral.lib.pdf import pdf_of_html
from referral.organisations.models import Membership
from signals.actions import open_signal
from signals.models import Signal
from signals.paper.rules import check_purpose
from signals.views.pages import signal_page

STYLE = Path(settings.BASE_DIR, "templates", "components", "paper.css")


def print_signal(signal: Signal, *, purpose: str, by: Membership, at: datetime) -> bytes:
    """What this member reads of a signal as PDF; on each page who printed it, when and what for.

    What its page tells the expert centre alone, stands on the paper of the expert centre alone.
    Raises Signal.DoesNotExist, and SignalRefused without a purpose.
    """
    made_for = str(check_purpose(purpose).label)
    opened = open_signal(signal, by=by, at=at, action="signal_printed", purpose=made_for)
    context = {
        **signal_page(opened, by),
        "purpose": made_for,
        "reader": by,
        "printed_at": timezone.localtime(at),
        "language": get_language(),
    }
    html = render_to_string("paper/signal_pdf.html", context)
    return pdf_of_html(html, style=STYLE.read_text(), identifier=str(uuid7()))
