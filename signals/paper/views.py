"""The page where one says what a signal is printed for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.models import Signal
from signals.paper import actions
from signals.paper.forms import PrintForm
from signals.views.parts import Deed, Part, Reading


def part(reading: Reading) -> Part:
    """On the page of a signal: the way to its paper."""
    url = reverse("signals:paper:print", args=[reading.signal.pk])
    return Part("print", _("Print"), "paper/_part.html", deeds=(Deed(_("Make a PDF"), url),))


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def print_signal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for the purpose; the answer is the PDF. Asked again, it is printed again."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    form = PrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        paper = actions.print_signal(signal, **form.cleaned_data, by=request.member, at=at)
        return _file(paper, f"{signal.reference}-{timezone.localtime(at):%Y-%m-%d-%H%M}.pdf")
    context = {
        "signal": signal,
        "inside": request.member.may(Permission.SIGNAL_TRIAGE),
        "form": form,
        "title": _("Print signal %s") % signal,
        "submit_label": _("Make the PDF"),
        "cancel_url": signal.get_absolute_url(),
        "consequences": [
            _("You get what its page shows you; attachments and findings do not go along."),
            _("Each page carries your name, the time and the purpose."),
            _("What you print is recorded, and the privacy officer can see it."),
            _("Keep paper and file safe, and destroy them when the purpose is reached."),
        ],
    }
    return render(request, "paper/print.html", context, status=422 if form.is_bound else 200)


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
