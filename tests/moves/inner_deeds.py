"""The doors of the rooms inside rooms, as tests/moves/deeds.py has those of the big ones."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from referral.cases.planning.workflow import PlanStatus, TaskStatus
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.tables.workflow import TableStatus
from referral.registrations.corrections.workflow import Status as CorrectionStatus
from referral.registrations.duplicates.workflow import Status as LinkStatus
from referral.registrations.withdrawals.workflow import Status as WithdrawalStatus
from shelters.stays.workflow import StayStatus
from signals.deliberation.workflow import MeetingStatus
from signals.enrichment.models import Ground, Source
from signals.enrichment.workflow import RequestStatus
from signals.forwarding.workflow import ExtractStatus
from tests.moves import deeds
from tests.moves.deeds import Answers, Deed, Names, deed, plain
from tests.moves.inner import (
    CORRECTION,
    EXTRACT,
    LINK,
    MEETING,
    PARTNER,
    PLAN,
    REFERRAL,
    STAY,
    TABLE,
    TASK,
    WITHDRAWAL,
)
from tests.moves.lives import Life

_F, _T, _P, _S = ReferralStatus, TableStatus, PlanStatus, StayStatus
_M, _R, _E = MeetingStatus, RequestStatus, ExtractStatus


def on(name: str, **answers: Any) -> Answers:
    """With the day of today."""
    return lambda _record, _names: {**answers, name: timezone.localdate().isoformat()}


def _longer(stay: Any, _names: Names) -> dict[str, str]:
    until: date = stay.agreed_until + timedelta(days=30)
    return {"until": until.isoformat(), "reason": "no_place", "funding": "municipality"}


def _finding(_record: Any, _names: Names) -> dict[str, Any]:
    return {
        "kind": "earlier",
        "text": "Seen before.",
        "source": Source.objects.get(code="police").pk,
        "reliability": "B",
        "credibility": "2",
        "ground": Ground.objects.get(code="wpg_9").pk,
    }


def decisions(door: str, life: Life, statuses: Any) -> tuple[Deed, ...]:
    """One form on the page of a registration, with what may be decided on what waits there."""
    return tuple(
        deed(
            door,
            life,
            goal,
            name=f"{door} {goal.value}",
            answers=plain(decision=goal.value, **said),
            named="registration_id",
        )
        for goal, said in (
            (statuses.ACCEPTED, {}),
            (statuses.DECLINED, {"answer": "No."}),
            (statuses.TAKEN_BACK, {}),
        )
    )


INNER = (
    deed("cases:referrals:accept", REFERRAL, _F.ACCEPTED),
    deed("cases:referrals:decline", REFERRAL, _F.DECLINED, answers=plain(reason="capacity")),
    deed("cases:referrals:contact", REFERRAL, _F.CONTACTED),
    deed("cases:referrals:complete", REFERRAL, _F.COMPLETED, answers=plain(result="helped")),
    deed("cases:referrals:withdraw", REFERRAL, _F.WITHDRAWN),
    deed("cases:tables:hold", TABLE, _T.HELD),
    deed("cases:tables:close", TABLE, _T.CLOSED),
    deed("cases:tables:cancel", TABLE, _T.CANCELLED),
    deed("cases:planning:agree_plan", PLAN, _P.AGREED, answers=on("agreed_on")),
    deed("cases:planning:begin_review", PLAN, _P.REVIEW),
    *(
        deed(
            "cases:planning:end_task",
            TASK,
            goal,
            name=f"cases:planning:end_task {goal.value}",
            answers=plain(reason=reason),
        )
        for goal, reason in ((TaskStatus.DONE, "done"), (TaskStatus.CANCELLED, "not_needed"))
    ),
    deed("shelters:stays:longer", STAY, _S.EXTENSION_ASKED, answers=_longer),
    deed(
        "shelters:stays:decide",
        STAY,
        _S.STAYING,
        _S.EXTENSION_ASKED,
        answers=plain(granted="yes"),
    ),
    deed(
        "shelters:stays:outflow",
        STAY,
        _S.OUTFLOW_PLANNED,
        answers=on("leave_on", destination="own_home"),
    ),
    deed("shelters:stays:drop", STAY, _S.STAYING, _S.OUTFLOW_PLANNED),
    *decisions("registrations:corrections:chain", CORRECTION, CorrectionStatus),
    *decisions("registrations:withdrawals:requests", WITHDRAWAL, WithdrawalStatus),
    deed("registrations:duplicates:undo", LINK, LinkStatus.UNDONE),
    deed("signals:deliberation:set_agenda", MEETING, _M.AGENDA_SET),
    deed("signals:deliberation:take_back", MEETING, _M.PLANNED),
    deed("signals:deliberation:begin", MEETING, _M.HELD),
    deed("signals:deliberation:lock", MEETING, _M.LOCKED),
    deed("signals:deliberation:cancel", MEETING, _M.CANCELLED),
    deed("signals:enrichment:answer", PARTNER, _R.ANSWERED, answers=plain(answer="Twice.")),
    deed("signals:enrichment:decline", PARTNER, _R.DECLINED, answers=plain(reason="Not ours.")),
    deed("signals:enrichment:withdraw", PARTNER, _R.WITHDRAWN),
    deed("signals:enrichment:take_over", PARTNER, _R.TAKEN_OVER, answers=_finding),
    deed("signals:enrichment:set_aside", PARTNER, _R.SET_ASIDE),
    deed("signals:forwarding:open", EXTRACT, _E.OPENED),
    deed("signals:forwarding:recall", EXTRACT, _E.RECALLED),
    deed("signals:forwarding:feedback", EXTRACT, _E.ANSWERED, answers=plain(feedback="started")),
)
DEEDS = (*deeds.ROOTS, *INNER)
