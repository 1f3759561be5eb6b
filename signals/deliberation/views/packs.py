"""The own papers, as a page and as a PDF."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.deliberation import actions
from signals.deliberation.models import Pack, PackContent


@allowed(Permission.DELIBERATION_ATTEND)
@require_safe
def pack(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What this participant may see of the agenda; each look is recorded."""
    found = get_object_or_404(PackContent.objects.visible_to(request.member), pk=pk)
    opened = actions.open_pack(Pack(pk=found.pk), by=request.member, at=timezone.now())
    context = {
        "pack": opened.pack,
        "points": opened.points,
        "participant": opened.pack.participant,
        "meeting": opened.pack.participant.meeting,
    }
    return render(request, "deliberation/pack.html", context)


@allowed(Permission.DELIBERATION_ATTEND)
@require_safe
def pdf(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same on paper, with the name of its reader on each page."""
    found = get_object_or_404(PackContent.objects.visible_to(request.member), pk=pk)
    content = actions.download_pack(Pack(pk=found.pk), by=request.member, at=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="overleg.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
