"""Meetings: the list, one meeting, and the deeds that bring it from planned to locked."""

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
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
)
from signals.deliberation.workflow import PACKS_OPEN, MeetingStatus, PackStatus

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
    }
    return render(request, "deliberation/meeting.html", context)


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
    consequences = [
        _("Everybody who is invited gets a notice."),
        _("The papers can no longer be read."),
        _("The signals on the agenda wait for the next meeting."),
    ]
    return _ask(request, pk, _("Cancel this meeting"), consequences)


@allowed(Permission.DELIBERATION_CHAIR)
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The chair locks the minutes; asked before it is done."""
    if request.method == "POST":
        return _button(request, pk, actions.lock_minutes, _("You have locked the minutes."))
    consequences = [
        _("Nothing of this meeting can be changed any more. A correction becomes an addendum."),
        _("Each decision becomes a follow-up for who handles the signal."),
        _("What was not decided on waits for the next meeting."),
        _("The papers can no longer be read."),
    ]
    return _ask(request, pk, _("Lock the minutes"), consequences)


def _ask(request: MemberRequest, pk: UUID, title: str, consequences: list[str]) -> HttpResponse:
    found = get_object_or_404(Meeting.objects.visible_to(request.member), pk=pk)
    context = {
        "title": title,
        "consequences": consequences,
        "submit_label": title,
        "cancel_url": found.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirmation_page.html", context)


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = get_object_or_404(Meeting.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )
