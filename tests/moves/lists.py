"""Whose move it is in what stands on a list, as in tests/moves/inner.py.

They are lists of what is destroyed, what is put before a meeting and what comes of it, and the
lines of a proposal of places.
"""

from typing import Any
from uuid import uuid4

from referral.organisations.models import Membership
from referral.retention.destruction import workflow as destruction
from referral.retention.destruction.models import DestructionList
from referral.retention.models import Category
from shelters.matching import workflow as matching
from shelters.matching.models import MatchLine
from signals.deliberation import workflow as deliberation
from signals.deliberation.models import AgendaItem, FollowUp, Pack, Proposal, TrendNote
from tests.moves.lives import Life, P, Sides, at_home, chosen, may

#: What the expert centre destroys on its own; of all else the national desk confirms too.
INTELLIGENCE = {Category.SIGNAL, Category.POLICE}


def of_list(listed: DestructionList, who: Membership) -> Sides:
    """Who approved it does not confirm it."""
    owns = at_home(who, listed.owner_id)
    desk = False
    if listed.category in INTELLIGENCE:
        decides = may(who, P.SIGNAL_DESTROY)
    else:
        decides = may(who, P.RETENTION_DECIDE)
        desk = decides and may(who, P.REGISTRATION_READ_ALL)
    found: Sides = {destruction.Side.OWNER} if decides and owns else set()
    second = decides and (owns or desk) and listed.approved_by_id != who.user_id
    return found | ({destruction.Side.SECOND} if second else set())


def at_meeting(who: Membership, chair: int | None) -> Sides:
    return {
        deliberation.Side(side)
        for side in chosen(
            coordinator=may(who, P.DELIBERATION_PREPARE),
            chair=may(who, P.DELIBERATION_CHAIR) and chair == who.pk,
            analyst=may(who, P.SIGNAL_JUDGE),
        )
    }


def of_proposal(proposal: Any, who: Membership) -> Sides:
    return at_meeting(who, proposal.chair)


def of_pack(pack: Pack, who: Membership) -> Sides:
    return at_meeting(who, pack.participant.meeting.chair_id)


def of_follow_up(follow_up: FollowUp, who: Membership) -> Sides:
    """Who handles the signal; the coordinator stands in."""
    handles = follow_up.signal.taken_up_by_id == who.user_id or may(who, P.DELIBERATION_PREPARE)
    return {deliberation.Side.ANALYST} if may(who, P.SIGNAL_JUDGE) and handles else set()


def of_trend(_note: TrendNote, who: Membership) -> Sides:
    return {deliberation.Side.ANALYST} if may(who, P.SIGNAL_JUDGE) else set()


def of_line(_line: MatchLine, who: Membership) -> Sides:
    return {matching.Side(side) for side in chosen(desk=may(who, P.PLACEMENT_RESERVE))}


def learn_meeting(proposal: Any) -> None:
    """Where it stands on an agenda, if it does."""
    item = AgendaItem.objects.filter(proposal=proposal).order_by("-meeting__planned_at").first()
    proposal.item = item.pk if item else uuid4()
    proposal.chair = item.meeting.chair_id if item else None


def learn_papers(pack: Any) -> None:
    pack.meeting = pack.participant.meeting_id


#: The same table twice: the expert centre destroys signals, and an owner of cases with the desk.
OF_SIGNALS = Life(DestructionList, destruction.MOVES, of_list)
OF_CARE = Life(DestructionList, destruction.MOVES, of_list)
PROPOSAL = Life(Proposal, deliberation.PROPOSAL_MOVES, of_proposal, learn=learn_meeting)
PACK = Life(Pack, deliberation.PACK_MOVES, of_pack, ("participant__meeting",), learn=learn_papers)
FOLLOW_UP = Life(FollowUp, deliberation.FOLLOW_UP_MOVES, of_follow_up, ("signal",))
TREND = Life(TrendNote, deliberation.TREND_MOVES, of_trend)
LINE = Life(MatchLine, matching.LINE_MOVES, of_line)
LISTS = (OF_SIGNALS, OF_CARE, PROPOSAL, PACK, FOLLOW_UP, TREND, LINE)
