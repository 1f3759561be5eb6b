"""The page where one chooses what to print."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.printing import actions
from referral.cases.printing.forms import PrintForm
from referral.cases.printing.querysets import Print, prints_of
from referral.cases.printing.rules import can_print, may_print, parts_with_paper
from referral.cases.rules import reach_of
from referral.cases.views.parts import Entry, Part, PartMaker, Reading
from referral.lib.refusals import Refused


def part(reading: Reading) -> Part | None:
    """In the case file: the way to the page where one prints it."""
    if not may_print(reading.member, reading.reach):
        return None
    return Part("print", _("Print"), "printing/_part.html")


def print_page(request: MemberRequest, pk: UUID, *, more: Sequence[PartMaker] = ()) -> HttpResponse:
    """Choose sections and a purpose; the answer is the PDF. Asked again, it is printed again.

    `more` are the parts of rooms above the case, as on its page.
    """
    case = get_object_or_404(Case.objects.visible_to(request.member).with_names(), pk=pk)
    reading = Reading(case, reach_of(case, request.member), request.member, timezone.now())
    parts = parts_with_paper(reading, more)
    offered = parts if can_print(request.member, reading.reach) else []
    form = PrintForm.of(offered, request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = reading.at
        try:
            paper = actions.print_case(
                case, **form.cleaned_data, by=request.member, at=at, more=more
            )
        except Refused as refusal:
            refusal.show_in(form)
        else:
            return _file(paper, f"{case.reference}-{timezone.localtime(at):%Y-%m-%d-%H%M}.pdf")
    context = {
        "case": case,
        "form": form if offered else None,
        "prints": [_entry(one, parts) for one in prints_of(case.pk)],
        "title": _("Print case %s") % case,
        "submit_label": _("Make the PDF"),
        "cancel_url": case.get_absolute_url(),
        "consequences": [
            _("Each page carries your name, the time and the purpose."),
            _("What you print is recorded. The privacy officer sees it, and who sees this case."),
            _("Keep paper and file safe, and destroy them when the purpose is reached."),
        ],
    }
    return render(request, "printing/print.html", context, status=422 if form.is_bound else 200)


def _entry(one: Print, parts: Sequence[Part]) -> Entry:
    """A section that this reader does not see has no name here."""
    titles = {part.slug: part.title for part in parts}
    named = dict.fromkeys(titles.get(slug, _("another section")) for slug in one.sections)
    return Entry(one.at, one.purpose, f"{one.who}, {one.organisation}", ", ".join(named))


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
