"""What comes of decisions: the list, and recording what was done."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.deliberation import actions
from signals.deliberation.forms import FinishForm
from signals.deliberation.models import FollowUp
from signals.deliberation.rules import can_finish

LINES_ON_A_PAGE = 50
READERS = (Permission.SIGNAL_JUDGE, Permission.DELIBERATION_CHAIR)


@allowed(*READERS)
@require_safe
def list_follow_ups(request: MemberRequest) -> HttpResponse:
    """What is still to be done, the first to be due on top; of whom it is stands beside it."""
    found = FollowUp.objects.visible_to(request.member).open().first_due()
    if request.member.may(Permission.SIGNAL_JUDGE):
        found = found.with_names()
    else:  # the chair reads no signals, and so not who handles them
        found = found.select_related("decision__item__proposal", "decision__item__meeting")
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_follow_ups(page.object_list, by=request.member, at=timezone.now())
    context = {
        "page": page,
        "lines": lines,
        "inside": request.member.may(Permission.SIGNAL_JUDGE),
        "today": timezone.localdate(),
    }
    return render(request, "deliberation/follow_ups.html", context)


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Why something is to be done with a signal; who handles it says what was done."""
    found = get_object_or_404(FollowUp.objects.visible_to(request.member), pk=pk)
    form = FinishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.finish_follow_up(
                found, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("You have recorded what was done."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    opened = actions.open_follow_up(found, by=request.member, at=timezone.now())
    context = {
        "opened": opened,
        "follow_up": opened.follow_up,
        "decision": opened.follow_up.decision,
        "can_finish": can_finish(request.member, opened.follow_up),
        "form": form,
        "today": timezone.localdate(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "deliberation/follow_up.html", context, status=status)
