"""At the meeting: attendance, decisions, minutes; and corrections after it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals.deliberation import actions
from signals.deliberation.actions import OpenedItem
from signals.deliberation.forms import AttendanceForm, DecideForm, MinutesForm
from signals.deliberation.models import AgendaItem, Meeting, Participant
from signals.deliberation.rules import TERM, can_add, can_decide, can_write_minutes
from signals.deliberation.views.agenda import form_page, meeting_crumbs
from signals.deliberation.views.meetings import meeting_of, own_pack
from signals.rules import MoveRefused

WRITERS = (Permission.DELIBERATION_CHAIR, Permission.DELIBERATION_PREPARE)


@allowed(Permission.DELIBERATION_CHAIR)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The chair decides on one signal, beside what the own papers tell of it."""
    member = request.member
    found = AgendaItem.objects.visible_to(member).select_related(
        "meeting__chair", "meeting__key", "proposal__key"
    )
    item = get_object_or_404(found, pk=pk)
    if not can_decide(member, item.meeting):
        messages.error(request, _("This meeting is not being held now."))
        return redirect(item.meeting)
    opened = actions.open_decision(item, by=member, at=timezone.now())
    form = DecideForm(request.POST or None, initial=_decided(opened))
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.decide_item(item, **form.cleaned_data, by=member, at=timezone.now()),
            said=_("The decision on %s has been recorded.") % item.proposal.reference,
            back=item.meeting.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    pack, points = own_pack(request, item.meeting), []
    if pack is not None:
        points = actions.open_pack(pack, by=member, at=timezone.now()).points
    context = {
        "item": item,
        "form": form,
        "points": [point for point in points if point["item"] == str(item.pk)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "deliberation/decide.html", context, status=status)


def _decided(opened: OpenedItem) -> dict[str, object]:
    """What the form begins with: the decision so far, or only a day."""
    decision = opened.decision
    if decision is None:
        return {"due_on": timezone.localdate() + TERM}
    return {
        "code": decision.code,
        "receiver": decision.receiver_id,
        "motivation": opened.motivation,
        "due_on": decision.due_on,
    }


@allowed(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Who is there."""
    meeting = meeting_of(request, pk)
    if not can_write_minutes(request.member, meeting):
        return _closed(request, meeting)
    invited = Participant.objects.visible_to(request.member).filter(meeting=meeting)
    form = AttendanceForm(request.POST or None, participants=tuple(invited.with_names()))
    return form_page(
        request,
        form,
        lambda by, at, **_said: actions.record_attendance(
            meeting, present=form.present(), by=by, at=at
        ),
        title=_("Attendance on %s") % meeting,
        submit=_("Save"),
        said=_("The attendance has been recorded."),
        back=meeting.get_absolute_url(),
        crumbs=meeting_crumbs(meeting),
    )


@allowed(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was said beside the decisions."""
    meeting = meeting_of(request, pk)
    if not can_write_minutes(request.member, meeting):
        return _closed(request, meeting)
    opened = actions.open_meeting(meeting, by=request.member, at=timezone.now())
    return form_page(
        request,
        MinutesForm(request.POST or None, initial={"text": opened.minutes}),
        lambda **said: actions.write_minutes(meeting, **said),
        title=_("Minutes of %s") % meeting,
        submit=_("Save"),
        said=_("The minutes have been saved. They can be changed until the chair locks them."),
        back=meeting.get_absolute_url(),
        crumbs=meeting_crumbs(meeting),
    )


@allowed(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def addendum(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Correct minutes that are locked."""
    meeting = meeting_of(request, pk)
    if not can_add(request.member, meeting):
        return _closed(request, meeting)
    return form_page(
        request,
        MinutesForm(request.POST or None),
        lambda **said: actions.add_addendum(meeting, **said),
        title=_("Addendum to the minutes of %s") % meeting,
        submit=_("Add"),
        said=_("The addendum stands beside the minutes."),
        back=meeting.get_absolute_url(),
        crumbs=meeting_crumbs(meeting),
        intro=_("The minutes themselves stay as they are. An addendum cannot be changed."),
    )


def _closed(request: MemberRequest, meeting: Meeting) -> HttpResponse:
    messages.error(request, _("This cannot be done with this meeting now."))
    return redirect(meeting)


@allowed(Permission.SIGNAL_JUDGE, Permission.DELIBERATION_CHAIR)
@require_safe
def minutes_pdf(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Locked minutes on paper, with the name of their reader on each page."""
    member = request.member
    found = get_object_or_404(Meeting.objects.visible_to(member).minutes_read_by(member), pk=pk)
    try:
        content = actions.download_minutes(found, by=member, at=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    headers = {"Content-Disposition": 'attachment; filename="verslag.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
