"""The deeds of a handoff, from draft to completion; and its page for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases import actions
from referral.cases.forms import (
    AcceptHandoffForm,
    CaseForm,
    CompleteHandoffForm,
    DeclineHandoffForm,
    HandoffForm,
    QuestionForm,
    ReplyForm,
)
from referral.cases.models import Case, Handoff, HandoffPackage
from referral.cases.rules import can_move_handoff, reach_of
from referral.cases.views.working import while_worked_on
from referral.cases.workflow import HandoffStatus
from referral.organisations.permissions import Permission

#: The name of the button that keeps an offer for later.
LATER = "later"


@allowed(Permission.HANDOFF_OFFER)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def offer_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask another region to take the case over, or prepare it for later."""
    member = request.member
    case = get_object_or_404(Case.objects.visible_to(member), pk=pk)
    draft = Handoff.objects.visible_to(member).out_of(member).drafts().filter(case=case).first()
    form = HandoffForm.of(draft, typed_in(request))
    later = bool(request.POST.get(LATER))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data | {"victim_informed": form.said_yes("victim_informed")}
        del answers[LATER]
        deed = actions.save_draft if later else actions.offer_handoff
        answer = do_once(
            request,
            lambda: deed(actions.Proposal(case=case, **answers), by=member, at=timezone.now()),
            said=_("Kept. Nobody outside your organisation sees it.")
            if later
            else _("The case is offered. You stay responsible until it is accepted."),
            back=case.part_url("handoff"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "case": case,
        "form": form,
        "restricted": reach_of(case, member).restricted,
        "title": _("Hand case %s over") % case,
        "submit_label": _("Offer the case"),
        "other_submit": {"name": LATER, "label": _("Keep as a draft for your team")},
        "cancel_url": case.get_absolute_url(),
        "version": form.beside(lambda: actions.read_draft(case, by=member, at=timezone.now())),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/deed.html", context, status=status)


@allowed(Permission.HANDOFF_OFFER, Permission.HANDOFF_ANSWER, Permission.CASE_OFFER)
@require_safe
def handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Both sides see the envelope and what became of it; the package only who may.

    The national desk sees the envelope of what waits too long.
    """
    return _page(request, _found(request, pk))


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def review_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that somebody is looking at it."""
    found = _found(request, pk)
    return do_once(
        request,
        lambda: actions.review_handoff(found, by=request.member, at=timezone.now()),
        said=_("The other region sees that you are looking at it."),
        back=found.get_absolute_url(),
    )


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def question(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The receiver asks; the sender replies."""
    found = _found(request, pk)
    asks = found.to_organisation_id == request.member.organisation_id
    form = QuestionForm(request.POST) if asks else ReplyForm(request.POST)
    if form.is_valid():
        deed = actions.ask_about_handoff if asks else actions.reply_about_handoff
        answer = do_once(
            request,
            lambda: deed(found, **form.cleaned_data, by=request.member, at=timezone.now()),
            said=_("Asked. The other region has been told.")
            if asks
            else _("Sent. The other region has been told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    return _page(request, found, form)


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def complete_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The coordinators have met."""
    found = _found(request, pk)
    form = CompleteHandoffForm(request.POST)
    if form.is_valid():
        completion = actions.Completion(
            handoff=found,
            met_on=form.cleaned_data["met_on"],
            victim_informed=form.said_yes("victim_informed"),
        )
        answer = do_once(
            request,
            lambda: actions.complete_handoff(completion, by=request.member, at=timezone.now()),
            said=_("The handoff is complete."),
            back=found.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    return _page(request, found, form)


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def accept_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Become responsible. The day of the meeting is asked where it was not agreed on before."""
    found = _found(request, pk)
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
    return _page(request, found, form)


@allowed(Permission.HANDOFF_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def decline_handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say no, with a reason."""
    found = _found(request, pk)
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
    elif not can_move_handoff(request.member, found, HandoffStatus.DECLINED):
        return redirect(found)  # its page says what became of it
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
    found = _found(request, pk)
    return do_once(
        request,
        lambda: actions.withdraw_handoff(found, by=request.member, at=timezone.now()),
        said=_("The draft is thrown away.")
        if found.is_draft
        else _("The handoff is withdrawn. You stay responsible."),
        back=found.get_absolute_url(),
    )


def _found(request: MemberRequest, pk: UUID) -> Handoff:
    return get_object_or_404(Handoff.objects.visible_to(request.member), pk=pk)


def _page(request: MemberRequest, found: Handoff, sent: CaseForm | None = None) -> HttpResponse:
    """`sent` is the form that came in and could not be taken as it was."""
    member, at = request.member, timezone.now()
    opened = actions.open_handoff(found, by=member, at=at)
    package = None
    if HandoffPackage.objects.visible_to(member).filter(pk=opened.pk).exists():
        package = actions.open_package(opened, by=member, at=at)
    can = {to.value: can_move_handoff(member, opened, to) for to in HandoffStatus}
    context = {
        "handoff": opened,
        "case": Case.objects.visible_to(member).with_names().filter(pk=opened.case_id).first(),
        "can": can,
        "forms": _forms(opened, can, sent),
        "exchanges": actions.read_exchanges(opened, by=member, at=at),
        "revisions": actions.list_revisions(opened, by=member),
        "package": package,
    }
    return render(request, "cases/handoff.html", context, status=422 if sent is not None else 200)


def _forms(
    handoff: Handoff, can: Mapping[str, bool], sent: CaseForm | None
) -> dict[str, CaseForm | None]:
    """The forms on the page, by what they do; the one that came in keeps its words."""
    replies = handoff.status == HandoffStatus.INFO_REQUESTED and can[HandoffStatus.IN_REVIEW]
    met: dict[str, object] = {"met_on": handoff.warm_meeting_on}
    kinds: dict[str, tuple[bool, type[CaseForm], dict[str, object]]] = {
        "accept": (
            can[HandoffStatus.ACCEPTED] and handoff.warm_meeting_on is None,
            AcceptHandoffForm,
            {},
        ),
        "ask": (can[HandoffStatus.INFO_REQUESTED], QuestionForm, {}),
        "reply": (replies, ReplyForm, {}),
        "complete": (can[HandoffStatus.COMPLETED], CompleteHandoffForm, met),
    }
    return {
        name: sent if isinstance(sent, kind) else kind(initial=initial) if wanted else None
        for name, (wanted, kind, initial) in kinds.items()
    }
