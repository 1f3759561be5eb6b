"""Pages of corrections: the chain of one registration, a new version, and what waits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
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
from referral.registrations.corrections import actions
from referral.registrations.corrections.forms import CorrectionForm, DecideForm
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.rules import can_correct, can_move
from referral.registrations.corrections.workflow import COUNTED, Status
from referral.registrations.models import Registration
from referral.registrations.rules import side_of
from referral.registrations.views import Part
from referral.registrations.workflow import Side

LINES_ON_A_PAGE = 50
reads = allowed(Permission.REGISTRATION_READ_OWN, Permission.REGISTRATION_READ_ALL)
asks = require_http_methods(["GET", "HEAD", "POST"])
DECISIONS = {
    Status.ACCEPTED: gettext_lazy("Accept: this is what the registration says from now on"),
    Status.DECLINED: gettext_lazy("Do not accept: the registration stays as it is"),
    Status.TAKEN_BACK: gettext_lazy("Take the correction back"),
}


@allowed(Permission.REGISTRATION_COMPLETE)
@require_safe
def waiting(request: MemberRequest) -> HttpResponse:
    """The corrections on which the national desk must decide, oldest first."""
    found = Version.objects.visible_to(request.member).waiting().with_names().oldest_first()
    shown = actions.list_corrections(found[:LINES_ON_A_PAGE], by=request.member, at=timezone.now())
    return render(request, "corrections/waiting.html", {"versions": shown})


@reads
@asks
def chain(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every version of a registration beside the one before, and the decision on what waits."""
    member, now = request.member, timezone.now()
    registration = _seen(request, pk)
    open_one = Version.objects.visible_to(member).of(registration).waiting().with_names().first()
    moves = [goal for goal in DECISIONS if open_one and can_move(member, open_one, goal)]
    form = DecideForm(
        request.POST or None, decisions=[(goal.value, DECISIONS[goal]) for goal in moves]
    )
    if open_one and moves and form.is_valid():
        decided = open_one  # for the types, inside the deed
        done = do_once(
            request,
            lambda: _decide(decided, form.cleaned_data, request),
            said=_("Your decision is kept."),
            back=decided.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "moves": moves,
        "registration": registration,
        "chain": actions.open_chain(registration, by=member, at=now),
        "waits": open_one,
        "can_correct": can_correct(member, registration) and open_one is None,
    }
    return _answered(request, "corrections/chain.html", context)


@reads
@asks
def correct(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write a new version: by the reporter as a proposal, by the desk as what counts at once."""
    registration = _seen(request, pk)
    if not can_correct(request.member, registration):
        raise Http404
    form = CorrectionForm(request.POST or None, registration=registration, member=request.member)
    at_desk = side_of(request.member, registration) == Side.DESK
    deed, said = (
        (actions.correct_registration, _("Corrected. The reporter has been told."))
        if at_desk
        else (actions.propose_correction, _("Sent to the national desk, which decides on it."))
    )
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: deed(
                registration,
                form.correction(),
                reason=form.cleaned_data["reason"],
                by=request.member,
                at=timezone.now(),
            ),
            said=said,
            back=reverse("registrations:corrections:chain", args=[registration.pk]),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "registration": registration, "at_desk": at_desk}
    return _answered(request, "corrections/correct.html", context)


def corrections_part(registration: Registration, member: Membership, at: datetime) -> Part | None:  # noqa: ARG001
    """On the page of a registration: how many versions it has, what waits, and the way to both."""
    chain = list(Version.objects.visible_to(member).of(registration))
    if not (chain or can_correct(member, registration)):
        return None
    counted = [version for version in chain if version.status in COUNTED]
    data = {
        "registration": registration,
        "chain": chain,
        "number": len(counted),
        "last": counted[-1] if counted else None,
        "waits": next((one for one in chain if one.status == Status.PROPOSED), None),
    }
    return Part("corrections/_part.html", data)


def _seen(request: MemberRequest, pk: UUID) -> Registration:
    visible = Registration.objects.visible_to(request.member).with_names()
    return get_object_or_404(visible.select_related("person__key"), pk=pk)


def _decide(version: Version, answers: dict[str, Any], request: MemberRequest) -> None:
    by, at, decision = request.member, timezone.now(), Status(answers["decision"])
    if decision == Status.ACCEPTED:
        actions.accept_correction(version, by=by, at=at)
    elif decision == Status.DECLINED:
        actions.decline_correction(version, answer=answers["answer"], by=by, at=at)
    else:
        actions.take_back_correction(version, by=by, at=at)


def _answered(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if context["form"].errors else 200)
