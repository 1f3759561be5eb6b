"""The page where one chooses what to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.printing import actions
from referral.cases.printing.forms import PrintForm
from referral.cases.printing.rules import can_print, may_print, sections_for
from referral.cases.rules import reach_of
from referral.cases.views.parts import Part, Reading
from referral.lib.refusals import Refused
from referral.organisations.permissions import Permission


def part(reading: Reading) -> Part | None:
    """In the case file: the way to the page where one prints it."""
    if not may_print(reading.member, reading.reach):
        return None
    return Part("print", _("Print"), "printing/_part.html")


@allowed(Permission.CASE_READ_GRANTED)
@require_http_methods(["GET", "HEAD", "POST"])
def print_case(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose sections and a purpose; the answer is the PDF. Asked again, it is printed again."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    reach = reach_of(case, request.member)
    offered = sections_for(request.member, reach) if can_print(request.member, reach) else []
    form = PrintForm.of(offered, request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            paper = actions.print_case(case, **form.cleaned_data, by=request.member, at=at)
        except Refused as refusal:
            refusal.show_in(form)
        else:
            return _file(paper, f"{case.reference}-{timezone.localtime(at):%Y-%m-%d-%H%M}.pdf")
    context = {
        "case": case,
        "form": form if offered else None,
        "restricted": reach.restricted,
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
