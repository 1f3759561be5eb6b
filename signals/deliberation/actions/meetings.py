"""A meeting is planned, prepared, held, and locked by its chair; after that nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key
from referral.audit.actions import record
from referral.notices.actions import Letter, post, post_many, wake
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.deliberation.models import (
    AgendaItem,
    FollowUp,
    Meeting,
    Pack,
    Participant,
    Proposal,
)
from signals.deliberation.rules import (
    check_complete,
    check_day,
    check_move,
    check_prepare,
    check_write_minutes,
)
from signals.deliberation.workflow import (
    MeetingStatus,
    PackStatus,
    ProposalStatus,
    Section,
)
from signals.rules import MoveRefused, SignalRefused

MAKE_PACKS = "signals.deliberation.tasks.make_packs"


@transaction.atomic
def plan_meeting(*, held_on: date, chair: Membership, by: Membership, at: datetime) -> Meeting:
    """Plan a meeting on a day; its chair is invited, and sees all that is on the agenda."""
    if not by.may(Permission.DELIBERATION_PREPARE):
        raise MoveRefused(_("The coordinator of the expert centre prepares the meeting."))
    check_day(held_on, today=timezone.localdate(at), question="held_on")
    if not chair.may(Permission.DELIBERATION_CHAIR):
        raise SignalRefused({"chair": _("This colleague cannot chair the meeting.")})
    same_day = Meeting.objects.visible_to(by).filter(held_on=held_on)
    if same_day.exclude(status=MeetingStatus.CANCELLED).exists():
        raise SignalRefused({"held_on": _("There is a meeting on this day already.")})

    meeting = Meeting(
        held_on=held_on, chair=chair, key=new_data_key(), planned_at=at, planned_by=by.user
    )
    meeting.save(force_insert=True)
    record("meeting_planned", by=by, at=at, on=meeting)
    _invite(meeting, chair, Section.values, by=by, at=at)
    return meeting


@transaction.atomic
def invite_participant(
    meeting: Meeting,
    *,
    member: Membership,
    sections: Sequence[str],
    by: Membership,
    at: datetime,
) -> Participant:
    """Invite somebody, or choose anew what they may see of signals of others."""
    meeting = lock_meeting(meeting, by=by)
    check_prepare(by, meeting)
    if not member.may(Permission.DELIBERATION_ATTEND):
        raise SignalRefused({"member": _("This colleague takes no part in deliberations.")})
    chosen = [section for section in Section.values if section in sections]

    there = meeting.participants.filter(member=member).first()
    if there is None:
        return _invite(meeting, member, chosen, by=by, at=at)
    there.sections = chosen
    there.save(update_fields=["sections"])
    record("meeting_sections_chosen", by=by, at=at, on=there)
    return there


def _invite(
    meeting: Meeting,
    member: Membership,
    sections: Sequence[str],
    *,
    by: Membership,
    at: datetime,
) -> Participant:
    invited = Participant(
        meeting=meeting, member=member, sections=list(sections), invited_at=at, invited_by=by.user
    )
    invited.save(force_insert=True)
    record("meeting_participant_invited", by=by, at=at, on=invited)
    post(Kind.MEETING_INVITED, to=member.organisation, user=member.user, on=meeting, at=at)
    return invited


@transaction.atomic
def remove_participant(participant: Participant, *, by: Membership, at: datetime) -> None:
    """Take an invitation back, before the agenda is set."""
    meeting = lock_meeting(participant.meeting, by=by)
    check_prepare(by, meeting)
    if participant.member_id == meeting.chair_id:
        raise MoveRefused(_("Without its chair there is no meeting."))
    record("meeting_participant_removed", by=by, at=at, on=participant)
    participant.delete()


@transaction.atomic
def set_agenda(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """The agenda stands: everybody's papers are ordered, and a worker makes them."""
    meeting = lock_meeting(meeting, by=by)
    check_move(by, meeting, MeetingStatus.AGENDA_SET)
    if not meeting.items.exists():
        raise MoveRefused(_("Put at least one signal on the agenda."))

    Pack.objects.bulk_create(
        Pack(participant=participant, ordered_at=at, ordered_by=by)
        for participant in meeting.participants.order_by("pk")
    )
    _move(meeting, MeetingStatus.AGENDA_SET)
    record("meeting_agenda_set", by=by, at=at, on=meeting)
    wake(MAKE_PACKS)
    return meeting


@transaction.atomic
def take_back_agenda(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """The agenda changes after all: the papers that were made are gone."""
    meeting = lock_meeting(meeting, by=by)
    check_move(by, meeting, MeetingStatus.PLANNED)

    Pack.objects.visible_to(by).filter(participant__meeting=meeting).delete()
    _move(meeting, MeetingStatus.PLANNED)
    record("meeting_agenda_taken_back", by=by, at=at, on=meeting)
    return meeting


@transaction.atomic
def begin_meeting(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """The chair opens the meeting: attendance and decisions can be recorded."""
    meeting = lock_meeting(meeting, by=by)
    check_move(by, meeting, MeetingStatus.HELD)
    if Pack.objects.visible_to(by).filter(participant__meeting=meeting).to_make().exists():
        raise MoveRefused(_("The papers are still being made. Wait a moment."))

    _move(meeting, MeetingStatus.HELD)
    record("meeting_begun", by=by, at=at, on=meeting)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """The meeting is not held: what was on its agenda waits for the next one."""
    meeting = lock_meeting(meeting, by=by)
    check_move(by, meeting, MeetingStatus.CANCELLED)

    _close_packs(meeting, by=by)
    _carry_over(meeting.items.all(), by=by)
    invited = list(meeting.participants.select_related("member__user", "member__organisation"))
    _move(meeting, MeetingStatus.CANCELLED)
    record("meeting_cancelled", by=by, at=at, on=meeting)
    post_many(
        [
            Letter(
                kind=Kind.MEETING_CANCELLED,
                to=one.member.organisation,
                user=one.member.user,
                on=meeting,
            )
            for one in invited
        ],
        at=at,
    )
    return meeting


@transaction.atomic
def record_attendance(
    meeting: Meeting, *, present: Mapping[UUID, bool], by: Membership, at: datetime
) -> Meeting:
    """Who is there and who is not, by the number of the invitation."""
    meeting = lock_meeting(meeting, by=by)
    check_write_minutes(by, meeting)
    for participant in meeting.participants.filter(pk__in=present):
        participant.present = present[participant.pk]
        participant.save(update_fields=["present"])
    record("meeting_attendance_recorded", by=by, at=at, on=meeting)
    return meeting


@transaction.atomic
def lock_minutes(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """The chair locks the minutes: decisions become follow-up, papers close, nothing changes.

    What was not decided on waits for the next meeting.
    """
    meeting = lock_meeting(meeting, by=by)
    check_move(by, meeting, MeetingStatus.LOCKED)
    check_complete(meeting.participants.values_list("present", flat=True))

    items = AgendaItem.objects.visible_to(by).filter(meeting=meeting).in_order()
    decided = [item for item in items if hasattr(item, "decision")]
    follow_ups = FollowUp.objects.bulk_create(
        FollowUp(
            decision=item.decision,
            signal_id=item.proposal.signal_id,
            due_on=item.decision.due_on,
        )
        for item in decided
    )
    _move_proposals(decided, ProposalStatus.DECIDED, by=by)
    _carry_over([item for item in items if item not in decided], by=by)
    _close_packs(meeting, by=by)
    meeting.locked_at, meeting.locked_by = at, by.user
    _move(meeting, MeetingStatus.LOCKED)
    record("meeting_minutes_locked", by=by, at=at, on=meeting)
    _tell_proposers(decided, follow_ups, at=at)
    return meeting


def _tell_proposers(
    decided: Sequence[AgendaItem], follow_ups: Sequence[FollowUp], *, at: datetime
) -> None:
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    post_many(
        [
            Letter(
                kind=Kind.MEETING_DECIDED, to=centre, user=item.proposal.proposed_by, on=follow_up
            )
            for item, follow_up in zip(decided, follow_ups, strict=True)
        ],
        at=at,
    )


def _carry_over(items: Iterable[AgendaItem], *, by: Membership) -> None:
    _move_proposals(items, ProposalStatus.WAITING, by=by)


def _move_proposals(items: Iterable[AgendaItem], status: ProposalStatus, *, by: Membership) -> None:
    wanted = [item.proposal_id for item in items]
    Proposal.objects.visible_to(by).filter(pk__in=wanted).update(status=status)


def _close_packs(meeting: Meeting, *, by: Membership) -> None:
    """The database removes what is in them in the same statement."""
    mine = Participant.objects.visible_to(by).filter(meeting=meeting)
    Pack.objects.filter(participant__in=mine).update(status=PackStatus.CLOSED)


def _move(meeting: Meeting, status: MeetingStatus) -> None:
    meeting.status = status
    meeting.save(update_fields=["status", "locked_at", "locked_by"])


def lock_meeting(meeting: Meeting, *, by: Membership) -> Meeting:
    """The meeting as it is now; nobody else changes it meanwhile."""
    found = Meeting.objects.visible_to(by).select_related("chair", "key")
    return found.select_for_update(of=["self"]).get(pk=meeting.pk)
