"""What the agenda is made of: proposals on signals, their order, and who is invited."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.deliberation import actions
from signals.deliberation.forms import InviteForm, MoveForm, ProposeForm, SectionsForm
from signals.deliberation.models import AgendaItem, Meeting, Participant, Proposal
from signals.deliberation.rules import can_prepare, can_propose
from signals.models import Signal


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An analyst asks the meeting something about a signal."""
    signal = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if not can_propose(request.member, signal):
        messages.error(request, _("This cannot be done with this signal now."))
        return redirect(signal)
    form = ProposeForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda **said: actions.propose_signal(signal, **said),
        title=_("Propose for the deliberation: %s") % signal.reference,
        submit=_("Propose"),
        said=_("You have proposed this signal. The coordinator puts it on an agenda."),
        back=signal.get_absolute_url(),
        crumbs=(
            (reverse("signals:triage"), _("Triage")),
            (signal.get_absolute_url(), signal.reference),
        ),
    )


@allowed(Permission.SIGNAL_JUDGE)
@require_POST
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The meeting need not look at it any more."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.member), pk=pk)
    said = _("You have taken the proposal back.")
    return _do(request, lambda **who: actions.withdraw_proposal(proposal, **who), said)


@allowed(Permission.DELIBERATION_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Invite somebody to a meeting."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.member), pk=pk)
    if not can_prepare(request.member, meeting):
        return _too_late(request, meeting)
    return form_page(
        request,
        InviteForm(request.POST or None),
        lambda **said: actions.invite_participant(meeting, **said),
        title=_("Invite to the meeting of %s") % meeting,
        submit=_("Invite"),
        said=_("The invitation has been sent."),
        back=meeting.get_absolute_url(),
        crumbs=meeting_crumbs(meeting),
    )


@allowed(Permission.DELIBERATION_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def sections(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose what a participant may see of signals of others."""
    found = Participant.objects.visible_to(request.member).with_names().select_related("meeting")
    participant = get_object_or_404(found, pk=pk)
    if not can_prepare(request.member, participant.meeting):
        return _too_late(request, participant.meeting)
    return form_page(
        request,
        SectionsForm(request.POST or None, initial={"sections": participant.sections}),
        lambda **said: actions.invite_participant(
            participant.meeting, member=participant.member, **said
        ),
        title=_("What %s may see") % participant,
        submit=_("Save"),
        said=_("Your choice has been saved."),
        back=participant.meeting.get_absolute_url(),
        crumbs=meeting_crumbs(participant.meeting),
    )


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = Participant.objects.visible_to(request.member).select_related("meeting")
    participant = get_object_or_404(found, pk=pk)
    return _do(
        request,
        lambda **who: actions.remove_participant(participant, **who),
        _("The invitation has been taken back."),
        back=participant.meeting.get_absolute_url(),
    )


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def place(request: MemberRequest, pk: UUID, proposal: UUID) -> HttpResponse:
    """Put a proposal at the end of the agenda."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.member), pk=pk)
    found = get_object_or_404(Proposal.objects.visible_to(request.member), pk=proposal)
    return _do(
        request,
        lambda **who: actions.place_proposal(meeting, proposal=found, **who),
        _("Signal %s stands on the agenda.") % found.reference,
        back=meeting.get_absolute_url(),
    )


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One place up or down, or off the agenda."""
    found = AgendaItem.objects.visible_to(request.member).select_related("meeting", "proposal")
    item = get_object_or_404(found, pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return redirect(item.meeting)
    return _do(
        request,
        lambda **who: actions.move_item(item, **form.cleaned_data, **who),
        _("The agenda has been changed."),
        back=item.meeting.get_absolute_url(),
    )


def form_page(
    request: MemberRequest,
    form: Form,
    deed: Callable[..., object],
    *,
    title: str,
    submit: str,
    said: str,
    back: str,
    crumbs: Sequence[tuple[str, object]],
    intro: str = "",
) -> HttpResponse:
    """A page with one form and its deed; what was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: deed(**form.cleaned_data, by=request.member, at=timezone.now()),
            said=said,
            back=back,
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "title": title,
        "intro": intro,
        "submit_label": submit,
        "cancel_url": back,
        "crumbs": crumbs,
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)


def meeting_crumbs(meeting: Meeting) -> Sequence[tuple[str, object]]:
    """The way back up from a page that belongs to a meeting."""
    return (
        (reverse("signals:deliberation:list"), _("Deliberation")),
        (meeting.get_absolute_url(), meeting),
    )


def _too_late(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    messages.error(request, _("The agenda is set: invitations and papers no longer change."))
    return redirect(meeting)


def _do(
    request: MemberRequest, deed: Callable[..., object], said: str, *, back: str = ""
) -> HttpResponse:
    return do_once(
        request,
        lambda: deed(by=request.member, at=timezone.now()),
        said=said,
        back=back or reverse("signals:deliberation:list"),
    )
