"""Writing down where the police placed somebody outside office hours."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import EmergencyForm
from shelters.models import Bed, PlacementRequest
from shelters.rules import Emergency
from shelters.workflow import RequestStatus


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The bed, the moment, who placed and on which basis; from that moment the bed counts."""
    member, at = request.member, timezone.now()
    waiting = PlacementRequest.objects.visible_to(member).filter(status=RequestStatus.SUBMITTED)
    asked = get_object_or_404(waiting, pk=pk)
    beds = Bed.objects.visible_to(member).in_use().free_at(at).with_names()
    form = EmergencyForm.of(request.POST if request.method == "POST" else None, beds)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.record_emergency(
                Emergency(request=asked, **form.cleaned_data), by=member, at=at
            ),
            said=_("The emergency placement is written down."),
            back=asked.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "title": _("Placed by the police outside office hours"),
        "intro": _("Write down what was done. The shelter and the coordinator are told."),
        "submit_label": _("Write down the placement"),
        "cancel_url": asked.get_absolute_url(),
        "crumbs": [(asked.get_absolute_url(), asked.reference)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)
