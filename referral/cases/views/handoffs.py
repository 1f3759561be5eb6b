"""The deeds of a handoff: offer, accept, decline, withdraw; and its page for both sides."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases import actions
from referral.cases.forms import AcceptHandoffForm, DeclineHandoffForm, HandoffForm
from referral.cases.models import Case, Handoff, HandoffPackage
from referral.cases.rules import can_move_handoff
from referral.cases.workflow import HandoffStatus
from referral.organisations.permissions import Permission


@allowed(Permission.HANDOFF_OFFER)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask another region to take the case over."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = HandoffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data | {"victim_informed": form.said_yes("victim_informed")}
        answer = do_once(
            request,
            lambda: actions.offer_handoff(
                actions.Proposal(case=case, **answers), by=request.member, at=timezone.now()
            ),
            said=_("The case is offered. You stay responsible until it is accepted."),
            back=f"{case.get_absolute_url()}#handoff",
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "case": case,
        "form": form,
        "title": _("Hand case %s over") % case,
        "submit_label": _("Offer the case"),
        "cancel_url": case.get_absolute_url(),
    }
    return render(request, "cases/deed.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.HANDOFF_OFFER, Permission.HANDOFF_ANSWER)
@require_safe
def handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Both sides see the envelope and what became of it; the package only who may."""
    found = get_object_or_404(Handoff.objects.visible_to(request.member), pk=pk)
    return _page(request, found)


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def accept_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Become responsible. The day of the meeting is asked where it was not agreed on before."""
    found = get_object_or_404(Handoff.objects.visible_to(request.member), pk=pk)
    form = AcceptHandoffForm(request.POST) if found.warm_meeting_on is None else None
    if form is None or form.is_valid():
        meeting = form.cleaned_data["warm_meeting_on"] if form else None
        answer = do_once(
            request,
            lambda: actions.accept_handoff(
                found, warm_meeting_on=meeting, by=request.member, at=timezone.now()
            ),
            said=_("You have accepted this handoff. The case is yours now."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    return _page(request, found, accept_form=form)


@allowed(Permission.HANDOFF_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def decline_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say no, with a reason."""
    found = get_object_or_404(Handoff.objects.visible_to(request.member), pk=pk)
    form = DeclineHandoffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.decline_handoff(
                found, reason=form.cleaned_data["reason"], by=request.member, at=timezone.now()
            ),
            said=_("You have declined this handoff. The other region stays responsible."),
            back=reverse("cases:handoffs"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": _("Decline the handoff"),
        "submit_label": _("Decline"),
        "cancel_url": found.get_absolute_url(),
    }
    return render(
        request, "components/form_page.html", context, status=422 if form.is_bound else 200
    )


@allowed(Permission.HANDOFF_OFFER)
@require_POST
def withdraw_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the offer back, as long as it was not answered."""
    found = get_object_or_404(Handoff.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.withdraw_handoff(found, by=request.member, at=timezone.now()),
        said=_("The handoff is withdrawn. You stay responsible."),
        back=found.get_absolute_url(),
    )


def _page(
    request: MemberRequest, found: Handoff, *, accept_form: AcceptHandoffForm | None = None
) -> HttpResponse:
    member, at = request.member, timezone.now()
    opened = actions.open_handoff(found, by=member, at=at)
    accepts = can_move_handoff(member, opened, HandoffStatus.ACCEPTED)
    if accepts and accept_form is None and opened.warm_meeting_on is None:
        accept_form = AcceptHandoffForm()
    package = None
    if HandoffPackage.objects.visible_to(member).filter(pk=opened.pk).exists():
        package = actions.open_package(opened, by=member, at=at)
    context = {
        "handoff": opened,
        "case": Case.objects.visible_to(member).with_names().filter(pk=opened.case_id).first(),
        "can_accept": accepts,
        "can_decline": can_move_handoff(member, opened, HandoffStatus.DECLINED),
        "can_withdraw": can_move_handoff(member, opened, HandoffStatus.WITHDRAWN),
        "accept_form": accept_form,
        "package": package,
        "is_receiver": opened.to_organisation_id == member.organisation_id,
    }
    status = 422 if accept_form is not None and accept_form.is_bound else 200
    return render(request, "cases/handoff.html", context, status=status)
