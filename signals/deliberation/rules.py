"""Who may do what around a meeting, and what may be told of counts: each refusal in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from signals.deliberation.models import FollowUp, Meeting, Proposal, TrendNote
from signals.deliberation.workflow import (
    MEETING_MOVES,
    PROPOSAL_MOVES,
    TREND_MOVES,
    WITH_RECEIVER,
    Code,
    FollowUpStatus,
    MeetingStatus,
    ProposalStatus,
    Side,
    TrendStatus,
)
from signals.models import Signal
from signals.rules import MoveRefused, SignalRefused
from signals.workflow import Status

#: A default of the design, as the 30 days for feedback of a receiver: no law names a term.
TERM = timedelta(days=14)
#: Fewer signals than this say something of single people: the national desk tells no numbers
#: under five either. What is published by month goes to all who take part, so that the counts
#: of the desk itself are no measure for it.
THRESHOLD = 5
#: Two words with a capital in the middle of a sentence, a number that stands for a person, an
#: address of mail. It warns; who writes decides.
NAME_LIKE = re.compile(
    r"(?<=[a-z,;] )[A-Z][a-z]+(?: (?:van|de|der|den|el|al))* [A-Z][a-z]+"
    r"|\b\d{8,}\b|\S+@\S+\.\S+"
)


def side_holds(member: Membership, meeting: Meeting, side: Side) -> bool:
    """Whether it is this member's turn."""
    match side:
        case Side.COORDINATOR:
            return member.may(Permission.DELIBERATION_PREPARE)
        case Side.CHAIR:
            return member.may(Permission.DELIBERATION_CHAIR) and is_chair(member, meeting)
    return member.may(Permission.SIGNAL_JUDGE)


def is_chair(member: Membership, meeting: Meeting) -> bool:
    chair = meeting.chair
    return (chair.user_id, chair.organisation_id, chair.role) == (
        member.user_id,
        member.organisation_id,
        member.role,
    )


def can_move(member: Membership, meeting: Meeting, to: MeetingStatus) -> bool:
    sides = MEETING_MOVES[MeetingStatus(meeting.status)].get(to, frozenset())
    return any(side_holds(member, meeting, side) for side in sides)


def check_move(member: Membership, meeting: Meeting, to: MeetingStatus) -> None:
    if to not in MEETING_MOVES[MeetingStatus(meeting.status)]:
        raise _passed(meeting)
    if not can_move(member, meeting, to):
        raise MoveRefused(_("This is for the chair of the meeting, or for the coordinator."))


def _passed(meeting: Meeting) -> MoveRefused:
    return MoveRefused(
        _("The meeting of %(day)s is now “%(status)s”; this can no longer be done.")
        % {"day": meeting, "status": meeting.get_status_display()}
    )


def can_prepare(member: Membership, meeting: Meeting) -> bool:
    """Whether invitations and agenda can be changed: by the coordinator, before it is set."""
    planned = meeting.status == MeetingStatus.PLANNED
    return planned and side_holds(member, meeting, Side.COORDINATOR)


def check_prepare(member: Membership, meeting: Meeting) -> None:
    if meeting.status != MeetingStatus.PLANNED:
        raise _passed(meeting)
    if not can_prepare(member, meeting):
        raise MoveRefused(_("The coordinator of the expert centre prepares the meeting."))


def can_write_minutes(member: Membership, meeting: Meeting) -> bool:
    """The chair or the coordinator, while the meeting is held."""
    sides = (Side.COORDINATOR, Side.CHAIR)
    held = meeting.status == MeetingStatus.HELD
    return held and any(side_holds(member, meeting, side) for side in sides)


def check_write_minutes(member: Membership, meeting: Meeting) -> None:
    if not can_write_minutes(member, meeting):
        raise _passed(meeting)


def check_locked(meeting: Meeting) -> None:
    """Only what no longer changes goes on paper."""
    if meeting.status != MeetingStatus.LOCKED:
        raise MoveRefused(_("The minutes can be printed when the chair has locked them."))


def can_add(member: Membership, meeting: Meeting) -> bool:
    """Whether this member may correct locked minutes by an addendum."""
    sides = (Side.COORDINATOR, Side.CHAIR)
    locked = meeting.status == MeetingStatus.LOCKED
    return locked and any(side_holds(member, meeting, side) for side in sides)


def check_add(member: Membership, meeting: Meeting) -> None:
    if not can_add(member, meeting):
        raise _passed(meeting)


def can_decide(member: Membership, meeting: Meeting) -> bool:
    """The chair, while the meeting is held."""
    return meeting.status == MeetingStatus.HELD and side_holds(member, meeting, Side.CHAIR)


def check_decide(member: Membership, meeting: Meeting) -> None:
    if not can_decide(member, meeting):
        raise _passed(meeting)


def check_receiver(code: Code, receiver: Organisation | None) -> None:
    if code in WITH_RECEIVER and receiver is None:
        raise SignalRefused({"receiver": _("Name who receives the signal.")})
    if code not in WITH_RECEIVER and receiver is not None:
        raise SignalRefused({"receiver": _("This decision has no receiver. Leave it empty.")})


def check_day(day: date, *, today: date, question: str) -> None:
    if day < today:
        raise SignalRefused({question: _("Choose today or a later day.")})


def check_complete(present: Iterable[bool | None]) -> None:
    """Before minutes are locked it is known of everybody whether they were there."""
    if None in present:
        raise MoveRefused(
            _("Record the attendance of everybody first: after locking nothing changes.")
        )


def can_propose(member: Membership, signal: Signal) -> bool:
    """Who judges, of a signal that somebody works on."""
    done = (Status.RECEIVED, Status.MERGED, Status.CLOSED)
    return member.may(Permission.SIGNAL_JUDGE) and signal.status not in done


def check_propose(member: Membership, signal: Signal) -> None:
    if not can_propose(member, signal):
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )


def check_proposal(proposal: Proposal, to: ProposalStatus) -> None:
    if to not in PROPOSAL_MOVES[ProposalStatus(proposal.status)]:
        raise MoveRefused(
            _("The proposal on %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": proposal.reference, "status": proposal.get_status_display()}
        )


def can_finish(member: Membership, follow_up: FollowUp) -> bool:
    """Who handles the signal, or the coordinator, who stands in."""
    if follow_up.status != FollowUpStatus.OPEN or not member.may(Permission.SIGNAL_JUDGE):
        return False
    owner = follow_up.signal.taken_up_by_id == member.user_id
    return owner or member.may(Permission.DELIBERATION_PREPARE)


def check_finish(member: Membership, follow_up: FollowUp) -> None:
    if not can_finish(member, follow_up):
        raise MoveRefused(
            _("%(name)s handles this signal, and records what was done.")
            % {"name": follow_up.signal.taken_up_by}
            if follow_up.status == FollowUpStatus.OPEN
            else _("This follow-up has been done already.")
        )


def check_trend(note: TrendNote, to: TrendStatus) -> None:
    if to not in TREND_MOVES[TrendStatus(note.status)]:
        raise MoveRefused(
            _("This note is now “%(status)s”; this can no longer be done.")
            % {"status": note.get_status_display()}
        )


def name_like(text: str) -> list[str]:
    """What in a text looks like a person: shown to who writes, who says whether it is one."""
    return sorted({found.group(0) for found in NAME_LIKE.finditer(text)})


def hide_small(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts that may be told; None where there are too few.

    What is hidden in one row is also too much to be one small number together: otherwise the
    total of the month, less all that is told, would be what was hidden. The smallest that is
    left is hidden too until that holds.
    """
    hidden = {code for code, count in counts.items() if count < THRESHOLD}
    left = sorted((count, code) for code, count in counts.items() if code not in hidden)
    while hidden and left and sum(counts[code] for code in hidden) < THRESHOLD:
        _count, code = left.pop(0)
        hidden.add(code)
    return {code: None if code in hidden else count for code, count in counts.items()}
