"""Pages of destruction lists: all of them, one with its certificate, and holds of signals."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.retention.destruction import actions
from referral.retention.destruction.forms import SignalHoldForm
from referral.retention.destruction.models import DestructionList, SignalHold
from referral.retention.destruction.rules import can_hold_lines, can_lift, can_move, is_intelligence
from referral.retention.destruction.workflow import Status
from signals.models import Signal

LISTS_ON_A_PAGE = 50
readers = allowed(Permission.RETENTION_READ, Permission.SIGNAL_DESTROY)


@readers
@require_safe
def lists(request: MemberRequest) -> HttpResponse:
    """What waits for a decision first, then the certificates; and the signals that are held."""
    member, now = request.member, timezone.now()
    found = DestructionList.objects.visible_to(member).with_names().worth_a_look().open_first()
    page = Paginator(found, LISTS_ON_A_PAGE).get_page(request.GET.get("page"))
    holds = SignalHold.objects.visible_to(member).running_on(timezone.localdate(now))
    context = {
        "page": page,
        "lists": actions.list_lists(page.object_list, by=member, at=now),
        "holds": [
            (hold, can_lift(member, hold))
            for hold in holds.with_names().soonest_first()[:LISTS_ON_A_PAGE]
        ],
        "holds_signals": member.may(Permission.SIGNAL_DESTROY),
    }
    return render(request, "destruction/lists.html", context)


@readers
@require_safe
def one_list(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What will be destroyed and who decides; afterwards the certificate."""
    found = get_object_or_404(DestructionList.objects.visible_to(request.member), pk=pk)
    read = actions.read_list(found, by=request.member, at=timezone.now())
    context = {
        "listed": read.listed,
        "lines": read.lines,
        "destroyed": read.destroyed,
        "can": {goal.value: can_move(request.member, read.listed, goal) for goal in Status},
        "of_signals": is_intelligence(read.listed),
        "holds_persons": can_hold_lines(request.member, read.listed),
    }
    return render(request, "destruction/list.html", context)


@allowed(Permission.RETENTION_DECIDE, Permission.SIGNAL_DESTROY)
@require_POST
def move(request: MemberRequest, pk: UUID, goal: str) -> HttpResponse:
    """Approve, confirm, or give back."""
    found = get_object_or_404(DestructionList.objects.visible_to(request.member), pk=pk)
    if goal not in actions.DEEDS:
        raise Http404
    said = {
        Status.APPROVED: _("You approved the list. A second person is asked to confirm it."),
        Status.DUE: _("It is with the owner of the data again."),
        Status.DESTROYED: _(
            "The list is carried out. This is what was destroyed, and what was not."
        ),
    }
    deed = actions.DEEDS[Status(goal)]
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said[Status(goal)],
        back=found.get_absolute_url(),
    )


@allowed(Permission.SIGNAL_DESTROY)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep a signal longer."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    form = SignalHoldForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        done = do_once(
            request,
            lambda: actions.hold_signal(signal, **said, by=request.member, at=timezone.now()),
            said=_("It is held: nothing of it is destroyed until that day."),
            back=reverse("retention:destruction:lists"),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "signal": signal}
    return render(request, "destruction/hold.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_DESTROY)
@require_POST
def lift(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The reason to keep it is gone."""
    found = get_object_or_404(SignalHold.objects.visible_to(request.member), pk=pk)
    if not can_lift(request.member, found):
        raise Http404
    return do_once(
        request,
        lambda: actions.lift_signal_hold(found, by=request.member, at=timezone.now()),
        said=_("It is no longer held."),
        back=reverse("retention:destruction:lists"),
    )
