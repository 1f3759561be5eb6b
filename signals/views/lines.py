"""The lines of the triage queue, on its page and in its file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from signals.models import Channel, SecondReading, Signal
from signals.rules import LevelBook, clock_due, share_used, urgency_reasons
from signals.views.pages import tone


@dataclass(frozen=True, slots=True)
class Line:
    """A signal in the triage queue: why it stands there, until when, and how much of that is over."""

    signal: Signal
    reasons: str
    due: datetime | None
    tone: str
    used: int | None


def queue_lines(
    signals: Iterable[Signal],
    book: LevelBook,
    readings: Mapping[UUID, SecondReading],
    *,
    at: datetime,
) -> list[Line]:
    """The lines of the queue; `readings` are the open ones of these signals."""
    return [
        Line(
            signal,
            ", ".join(urgency_reasons(signal)),
            clock_due(signal, book, readings.get(signal.pk)),
            tone(signal),
            share_used(signal, book, readings.get(signal.pk), at=at),
        )
        for signal in signals
    ]


def line_headings() -> list[str]:
    return [
        _("Signal"),
        _("Received"),
        _("Urgency"),
        _("Term"),
        _("What happens"),
        _("Where"),
        _("Reported by"),
        _("Status"),
        _("Taken up by"),
    ]


def line_cells(line: Line) -> list[str]:
    """A line as a row of the file, below `line_headings`; empty where the page shows a dash."""
    signal = line.signal
    return [
        signal.reference,
        _moment(signal.created_at),
        capfirst(line.reasons) or _("Normal"),
        _moment(line.due),
        ", ".join(signal.form_labels),
        str(signal.municipality or signal.get_world_region_display()),
        reported_by(signal),
        signal.get_status_display(),
        str(signal.taken_up_by or ""),
    ]


def reported_by(signal: Signal) -> str:
    """The organisation; of a citizen only that it was one."""
    if signal.channel == Channel.CITIZEN:
        return signal.get_channel_display()
    return signal.reporter_organisation.name


def _moment(at: datetime | None) -> str:
    """In local time, as spreadsheets read it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
