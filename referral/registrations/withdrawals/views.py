"""Pages of requests to withdraw: those about one registration, and what waits for the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration
from referral.registrations.views import Part
from referral.registrations.withdrawals import actions
from referral.registrations.withdrawals.forms import AskForm, DecideForm
from referral.registrations.withdrawals.models import WithdrawalRequest
from referral.registrations.withdrawals.rules import can_ask, can_move
from referral.registrations.withdrawals.workflow import Status

LINES_ON_A_PAGE = 50
DECISIONS = {
    Status.ACCEPTED: gettext_lazy("Withdraw the registration: it is counted no more"),
    Status.DECLINED: gettext_lazy("Do not withdraw it: the registration stays as it is"),
    Status.TAKEN_BACK: gettext_lazy("Take your request back"),
}


@allowed(Permission.REGISTRATION_COMPLETE)
@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """The requests on which the national desk must decide, oldest first."""
    found = WithdrawalRequest.objects.visible_to(request.member).waiting().with_names()
    shown = actions.list_withdrawals(
        found.oldest_first()[:LINES_ON_A_PAGE], by=request.member, at=timezone.now()
    )
    return render(request, "withdrawals/waiting.html", {"requests": shown})


@allowed(Permission.REGISTRATION_READ_OWN, Permission.REGISTRATION_READ_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was asked about a registration and decided; and the next step, for who may take it."""
    member, now = request.member, timezone.now()
    visible = Registration.objects.visible_to(member).with_names()
    registration = get_object_or_404(visible.select_related("person__key"), pk=pk)
    opened = actions.open_requests(registration, by=member, at=now)
    waits = next((one.asked for one in opened if one.asked.status == Status.ASKED), None)
    moves = [goal for goal in DECISIONS if waits and can_move(member, waits, goal)]
    form: AskForm | DecideForm | None = None
    if waits is not None and moves:
        form = DecideForm(
            request.POST or None, decisions=[(goal.value, DECISIONS[goal]) for goal in moves]
        )
    elif waits is None and can_ask(member, registration):
        form = AskForm(request.POST or None)
    if form is not None and form.is_valid():
        answers = form.cleaned_data
        done = do_once(
            request,
            lambda: (
                _decide(waits, answers, request)
                if waits
                else actions.ask_withdrawal(registration, **answers, by=member, at=now)
            ),
            said=_("Your decision is kept.") if waits else _("Asked. The national desk decides."),
            back=reverse("registrations:withdrawals:requests", args=[registration.pk]),
            form=form,
        )
        if done is not None:
            return done
    context = {"registration": registration, "opened": opened, "waits": waits, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "withdrawals/requests.html", context, status=status)


def withdrawal_part(registration: Registration, member: Membership, at: datetime) -> Part | None:  # noqa: ARG001
    """On the page of a registration: what was asked last, and the way to ask."""
    last = WithdrawalRequest.objects.visible_to(member).of(registration).newest_first().first()
    ask = can_ask(member, registration)
    if last is None and not ask:
        return None
    data = {"registration": registration, "last": last, "can_ask": ask}
    return Part("withdrawals/_part.html", data)


def _decide(asked: WithdrawalRequest, answers: dict[str, Any], request: MemberRequest) -> None:
    by, at, decision = request.member, timezone.now(), Status(answers["decision"])
    if decision == Status.ACCEPTED:
        actions.accept_withdrawal(asked, by=by, at=at)
    elif decision == Status.DECLINED:
        actions.decline_withdrawal(asked, answer=answers["answer"], by=by, at=at)
    else:
        actions.take_back_withdrawal(asked, by=by, at=at)
