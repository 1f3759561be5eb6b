"""The doors of the lives in tests/moves/lists.py."""

from referral.retention.destruction.workflow import Status as ListStatus
from shelters.matching.workflow import LineStatus
from signals.deliberation.workflow import (
    FollowUpStatus,
    PackStatus,
    ProposalStatus,
    Side,
    TrendStatus,
)
from tests.moves.deeds import Arrow, Deed, deed, plain
from tests.moves.further_deeds import steps
from tests.moves.lists import FOLLOW_UP, LINE, OF_CARE, OF_SIGNALS, PACK, PROPOSAL, TREND

_L, _P, _T = ListStatus, ProposalStatus, TrendStatus
DESTRUCTION = tuple(
    one
    for life, kind in ((OF_SIGNALS, "signals "), (OF_CARE, "care "))
    for one in steps(
        "retention:destruction:move",
        life,
        {_L.APPROVED: _L.DUE, _L.DUE: _L.APPROVED, _L.DESTROYED: _L.APPROVED},
        of=kind,
    )
)
DELIBERATION = (
    deed(
        "signals:deliberation:place",
        PROPOSAL,
        _P.PLACED,
        before="meeting",
    ),
    deed("signals:deliberation:withdraw", PROPOSAL, _P.WITHDRAWN),
    # The chair does not take a point off; not reached, it comes again in the next meeting.
    Deed(
        "signals:deliberation:move off",
        "signals:deliberation:move",
        PROPOSAL,
        (Arrow(_P.WAITING, side=Side.COORDINATOR),),
        plain(where="off"),
        named="item",
    ),
    # Papers close with their meeting.
    Deed(
        "signals:deliberation:cancel with papers",
        "signals:deliberation:cancel",
        PACK,
        (Arrow(PackStatus.CLOSED, side=Side.COORDINATOR),),
        named="meeting",
    ),
    deed(
        "signals:deliberation:follow_up",
        FOLLOW_UP,
        FollowUpStatus.DONE,
        answers=plain(remark="It runs."),
    ),
    deed("signals:deliberation:publish_trend", TREND, _T.PUBLISHED),
    deed("signals:deliberation:withdraw_trend", TREND, _T.WITHDRAWN),
)
MATCHING = tuple(
    deed(
        "shelters:matching:decide",
        LINE,
        goal,
        name=f"shelters:matching:decide {answer}",
        answers=plain(answer=answer, reason="agreed"),
    )
    for goal, answer in ((LineStatus.ACCEPTED, "follow"), (LineStatus.DECLINED, "leave"))
)
LISTS = (*DESTRUCTION, *DELIBERATION, *MATCHING)
