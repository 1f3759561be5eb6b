"""Meetings: the list, one meeting, and the deeds that bring it from planned to locked."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.deliberation import actions
from signals.deliberation.forms import PlanForm
from signals.deliberation.models import Meeting, Pack
from signals.deliberation.rules import (
    can_add,
    can_decide,
    can_move,
    can_prepare,
    can_write_minutes,
    side_holds,
)
from signals.deliberation.views.agenda import meeting_crumbs
from signals.deliberation.workflow import PACKS_OPEN, MeetingStatus, PackStatus, Side
from signals.views.pages import NextStep

LINES_ON_A_PAGE = 25
READERS = (Permission.SIGNAL_JUDGE, Permission.DELIBERATION_ATTEND)


@allowed(*READERS)
@require_safe
def list_meetings(request: MemberRequest) -> HttpResponse:
    """The meetings that this member has to do with; for the expert centre also what waits."""
    member = request.member
    found = Meeting.objects.visible_to(member).with_names().newest_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    inside = member.may(Permission.SIGNAL_JUDGE)
    waiting = actions.list_waiting(by=member, at=timezone.now()) if inside else []
    context = {
        "page": page,
        "inside": inside,
        "waiting": waiting,
        "may_plan": member.may(Permission.DELIBERATION_PREPARE),
    }
    return render(request, "deliberation/list.html", context)


@allowed(Permission.DELIBERATION_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: MemberRequest) -> HttpResponse:
    """The coordinator plans a meeting."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.plan_meeting(
                **form.cleaned_data, by=request.member, at=timezone.now()
            ).get_absolute_url(),
            said=_("You have planned a meeting. Its chair is invited."),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form}
    return render(request, "deliberation/plan.html", context, status=422 if form.is_bound else 200)


@allowed(*READERS)
@require_safe
def meeting(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One meeting, with what this member may see and do."""
    member, at = request.member, timezone.now()
    found = get_object_or_404(Meeting.objects.visible_to(member), pk=pk)
    opened = actions.open_meeting(found, by=member, at=at)
    meeting = opened.meeting
    prepares = can_prepare(member, meeting)
    context = {
        "opened": opened,
        "meeting": meeting,
        "inside": member.may(Permission.SIGNAL_JUDGE),
        "sees_agenda": bool(opened.items) or member.may(Permission.SIGNAL_JUDGE),
        "waiting": actions.list_waiting(by=member, at=at) if prepares else [],
        "pack": own_pack(request, meeting),
        "can_prepare": prepares,
        "can_set_agenda": prepares and bool(opened.items),
        "can_take_back": meeting.status == MeetingStatus.AGENDA_SET
        and can_move(member, meeting, MeetingStatus.PLANNED),
        "can_cancel": can_move(member, meeting, MeetingStatus.CANCELLED),
        "can_begin": can_move(member, meeting, MeetingStatus.HELD),
        "can_write": can_write_minutes(member, meeting),
        "can_decide": can_decide(member, meeting),
        "can_lock": can_move(member, meeting, MeetingStatus.LOCKED),
        "can_add": can_add(member, meeting),
        "locked": meeting.status == MeetingStatus.LOCKED,
        "next": next_step(opened, member),
        "undecided": undecided(opened),
    }
    return render(request, "deliberation/meeting.html", context)


def next_step(opened: actions.OpenedMeeting, member: Membership) -> NextStep | None:
    """What has to happen to this meeting, and who has it; None when it is over."""
    meeting, day = opened.meeting, opened.meeting.held_on
    coordinator, chair = _("the coordinator of the expert centre (EMM)"), str(meeting.chair.user)
    prepares = side_holds(member, meeting, Side.COORDINATOR)
    chairs = side_holds(member, meeting, Side.CHAIR)
    match meeting.status:
        case MeetingStatus.PLANNED:
            step = _("Put signals on the agenda, invite who is needed, and set the agenda")
            return NextStep(step, coordinator, day, mine=prepares)
        case MeetingStatus.AGENDA_SET:
            return NextStep(_("Begin the meeting on its day"), chair, day, mine=chairs)
        case MeetingStatus.HELD:
            step = _("Decide on each signal, and lock the minutes")
            if not undecided(opened):
                step = _("Lock the minutes")
            return NextStep(step, chair, mine=chairs)
    return None


def undecided(opened: actions.OpenedMeeting) -> int:
    """How many signals on the agenda still wait for a decision."""
    return sum(1 for item in opened.items if item.decision is None)


def own_pack(request: MemberRequest, meeting: Meeting) -> Pack | None:
    """The papers of this member, while they can be read."""
    if meeting.status not in PACKS_OPEN:
        return None
    mine = meeting.participants.of(request.member)
    ready = Pack.objects.visible_to(request.member).filter(status=PackStatus.READY)
    return ready.filter(participant__in=mine).first()


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def set_agenda(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agenda stands, and the papers are made."""
    return _button(
        request, pk, actions.set_agenda, _("The agenda is set. The papers are being made now.")
    )


@allowed(Permission.DELIBERATION_PREPARE)
@require_POST
def take_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agenda changes after all."""
    said = _("You can change the agenda again. The papers are gone, and are made anew later.")
    return _button(request, pk, actions.take_back_agenda, said)


@allowed(Permission.DELIBERATION_CHAIR)
@require_POST
def begin(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The chair opens the meeting."""
    said = _("The meeting has begun. Record attendance and decisions here.")
    return _button(request, pk, actions.begin_meeting, said)


@allowed(Permission.DELIBERATION_PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The meeting is not held; asked before it is done."""
    if request.method == "POST":
        return _button(request, pk, actions.cancel_meeting, _("The meeting is cancelled."))
    meeting = meeting_of(request, pk)
    consequences = [
        _("Everybody who is invited gets a notice."),
        _("The papers can no longer be read."),
        _("The signals on the agenda wait for the next meeting."),
    ]
    return _ask(request, meeting, MeetingStatus.CANCELLED, _("Cancel this meeting"), consequences)


@allowed(Permission.DELIBERATION_CHAIR)
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The chair locks the minutes; asked before it is done."""
    if request.method == "POST":
        return _button(request, pk, actions.lock_minutes, _("You have locked the minutes."))
    meeting = meeting_of(request, pk)
    opened = actions.open_meeting(meeting, by=request.member, at=timezone.now())
    consequences = [
        _("%(count)s of %(total)s signals on the agenda have no decision yet.")
        % {"count": undecided(opened), "total": len(opened.items)},
        _("Nothing of this meeting can be changed any more. A correction becomes an addendum."),
        _("Each decision becomes a follow-up for who handles the signal."),
        _("What was not decided on waits for the next meeting."),
        _("The papers can no longer be read."),
    ]
    return _ask(request, meeting, MeetingStatus.LOCKED, _("Lock the minutes"), consequences)


def _ask(
    request: MemberRequest,
    meeting: Meeting,
    to: MeetingStatus,
    title: str,
    consequences: list[str],
) -> HttpResponse:
    if not can_move(request.member, meeting, to):
        messages.error(request, _("This cannot be done with this meeting now."))
        return redirect(meeting)
    context = {
        "title": title,
        "consequences": consequences,
        "submit_label": title,
        "cancel_url": meeting.get_absolute_url(),
        "crumbs": meeting_crumbs(meeting),
        "danger": True,
    }
    return render(request, "components/confirmation_page.html", context)


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = meeting_of(request, pk)
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )


def meeting_of(request: MemberRequest, pk: UUID) -> Meeting:
    """The meeting of this address, if the member may see it."""
    found = Meeting.objects.visible_to(request.member).select_related("chair")
    return get_object_or_404(found, pk=pk)
