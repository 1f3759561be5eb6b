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
from referral.cases.printing.rules import may_print, printable
from referral.cases.rules import reach_of
from referral.cases.views.parts import Part, PartMaker, Reading
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
    offered = printable(reading, more)
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
        "title": _("Print case %s") % case,
        "submit_label": _("Make the PDF"),
        "cancel_url": case.get_absolute_url(),
        "consequences": [
            _("Each page carries your name, the time and the purpose."),
            _("What you print is recorded, and the privacy officer can see it."),
            _("Keep paper and file safe, and destroy them when the purpose is reached."),
        ],
    }
    return render(request, "printing/print.html", context, status=422 if form.is_bound else 200)


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
