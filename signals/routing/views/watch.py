"""Who is on call for acute danger: the list, a new shift, and how long is waited."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX, Permission
from signals.routing import actions
from signals.routing.forms import PatienceForm, ShiftForm
from signals.routing.models import Shift


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: MemberRequest) -> HttpResponse:
    """Who is on call now and later; the coordinator plans a shift here."""
    now, manages = timezone.now(), request.member.may(Permission.ROUTING_MANAGE)
    form = ShiftForm(request.POST or None, colleagues=_colleagues(request.member))
    if request.method == "POST" and manages and form.is_valid():
        answers = form.cleaned_data
        done = do_once(
            request,
            lambda: actions.plan_shift(**answers, by=request.member, at=now),
            said=_("The shift has been planned."),
            back=reverse("signals:routing:watch"),
            form=form,
        )
        if done is not None:
            return done
    shifts = Shift.objects.visible_to(request.member).ends_after(now)
    context = {
        "shifts": shifts.select_related("member__user").order_by("during", "line"),
        "now": now,
        "form": form,
        "patience_form": PatienceForm(initial={"minutes": actions.patience(by=request.member)}),
        "minutes": actions.patience(by=request.member),
        "may_manage": manages,
    }
    return render(request, "routing/watch.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.ROUTING_MANAGE)
@require_POST
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a shift out that is not over."""
    found = get_object_or_404(Shift.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.cancel_shift(found, by=request.member, at=timezone.now()),
        said=_("The shift has been taken out."),
        back=reverse("signals:routing:watch"),
    )


@allowed(Permission.ROUTING_MANAGE)
@require_POST
def patience(request: MemberRequest) -> HttpResponse:
    """How many minutes are waited before the next in line is called."""
    form = PatienceForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    return do_once(
        request,
        lambda: actions.set_patience(minutes, by=request.member, at=timezone.now()),
        said=_("The waiting time has been set."),
        back=reverse("signals:routing:watch"),
    )


def _colleagues(member: Membership) -> list[Membership]:
    """Who works on signals in the member's organisation now, by name."""
    roles = [role for role, held in MATRIX.items() if Permission.SIGNAL_TRIAGE in held]
    there = Membership.objects.with_names().valid_at(timezone.now())
    mine = there.filter(organisation=member.organisation_id, role__in=roles)
    return list(mine.order_by("user__full_name", "pk"))
