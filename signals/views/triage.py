"""The expert centre's pages: the queue, taking up, closing."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.lib.rows import count_rows
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import QueueForm
from signals.models import SecondReading, Signal
from signals.rules import LevelBook
from signals.views.desk import do_as_seen
from signals.views.lines import Line, line_cells, line_headings, queue_lines

LINES_ON_A_PAGE = 50


@allowed(Permission.SIGNAL_TRIAGE)
@require_safe
def queue(request: MemberRequest) -> HttpResponse:
    """The triage queue: the most urgent first, then the oldest; htmx asks for the table."""
    book = actions.level_book(by=request.member)
    filters = QueueForm(request.GET, book=book)
    visible = Signal.objects.visible_to(request.member)
    found = filters.found(visible, user_id=request.member.user_id)
    late = filters.overdue(visible)
    pages = Paginator(found.with_names(), LINES_ON_A_PAGE)
    pages.count, *numbers = count_rows(found, *(signals for _value, _words, signals in late))
    page = pages.get_page(request.GET.get("page"))
    signals = actions.list_signals(page.object_list, by=request.member, at=timezone.now())
    context = {
        "filters": filters,
        "asked": filters.asked(),
        "page": page,
        "lines": _lines(request, book, signals),
        "overdue": [
            (value, words, number)
            for (value, words, _signals), number in zip(late, numbers, strict=True)
        ],
    }
    only_the_table = request.htmx and not request.htmx.history_restore_request
    template = "signals/_queue.html" if only_the_table else "signals/triage.html"
    return render(request, template, context)


@allowed(Permission.SIGNAL_TRIAGE)
@require_safe
def file(request: MemberRequest) -> StreamingHttpResponse:
    """What the filters leave of the queue, as a file with the columns of the page."""
    book = actions.level_book(by=request.member)
    visible = Signal.objects.visible_to(request.member)
    found = QueueForm(request.GET, book=book).found(visible, user_id=request.member.user_id)
    # The file is read after the request: by then another language may be in force.
    cells = partial(_cells, request, book, translation.get_language())
    parts = actions.export_lines(
        found, line_headings(), cells, by=request.member, at=timezone.now()
    )
    return StreamingHttpResponse(
        parts,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="triage.csv"'},
    )


def _cells(
    request: MemberRequest, book: LevelBook, language: str, signals: Sequence[Signal]
) -> list[list[str]]:
    with translation.override(language):
        return [line_cells(line) for line in _lines(request, book, signals)]


def _lines(request: MemberRequest, book: LevelBook, signals: Sequence[Signal]) -> list[Line]:
    readings = SecondReading.objects.visible_to(request.member).open_of(signals)
    return queue_lines(signals, book, readings, at=timezone.now())


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def take_up(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Begin to work on a signal; of two analysts exactly one does."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    said = _("You have taken up this signal.")
    return _do(request, found, actions.take_up_signal, said=said)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def close(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nothing more is to be done."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    said = _("You have closed this signal.")
    return _do(request, found, actions.close_signal, said=said)


def _do(
    request: MemberRequest,
    signal: Signal,
    deed: Callable[..., Signal],
    *,
    said: str,
) -> HttpResponse:
    return do_once(
        request,
        lambda: do_as_seen(request, signal, deed),
        said=said,
        back=signal.get_absolute_url(),
    )
