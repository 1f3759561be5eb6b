"""Who handles a request of a person, what each step asks, and when the term ends: in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.lib.terms import end_of_term
from referral.rights.models import (
    WITH_A_FILE,
    Delivery,
    Extension,
    How,
    Proof,
    Refusal,
    Right,
    RightsExecution,
    RightsRequest,
)
from referral.rights.querysets import carries_out, handles
from referral.rights.workflow import LOOKED_INTO, MOVES, Status

if TYPE_CHECKING:
    from referral.organisations.models import Membership

#: GDPR article 12(3): one month after receipt, and two more where needed.
MONTHS = 1
MONTHS_EXTENDED = 3
#: Days before the end at which the officers are reminded (a choice of the chain; no law names it).
NEAR_DAYS = 7
#: Days after which who carries out is told again. The law says “without delay” and names no
#: number (GDPR 12(3), 16 to 19): a choice of the chain.
REMIND_DAYS = 7
SHORTEST_WORDS = 10
WITH_REASON = (Status.REFUSED, Status.PARTLY_GRANTED)
#: In these an extract has to lie there before access is said to be given.
GIVEN = (Status.GRANTED, Status.PARTLY_GRANTED)


class RightsRefused(Refused):
    """The step is not taken; `reasons` says why, by answer."""

    def __init__(self, message: str = "", **reasons: str) -> None:
        super().__init__(message or " ".join(reasons.values()))
        self.reasons = reasons


def term(received_on: date, *, extended: bool = False) -> date:
    """The last day on which the person must have an answer."""
    return end_of_term(received_on, months=MONTHS_EXTENDED if extended else MONTHS)


def moves(member: Membership, request: RightsRequest) -> list[Status]:
    """What this member may make of the request now."""
    if not handles(member) or request.organisation_id != member.organisation_id:
        return []
    return list(MOVES[Status(request.status)])


def can_extract(member: Membership, request: RightsRequest) -> bool:
    """For access and a transfer, once it is known who asks and while it is worked on."""
    return (
        bool(moves(member, request))
        and request.right in WITH_A_FILE
        and request.status in LOOKED_INTO
    )


def check_received(member: Membership, *, received_on: date, words: str, today: date) -> None:
    """Raise RightsRefused unless this can be the beginning of a request."""
    if not handles(member):
        raise RightsRefused(_("This step is not yours to take."))
    reasons = {}
    if received_on > today:
        reasons["received_on"] = _("This day is still to come.")
    if len(words.strip()) < SHORTEST_WORDS:
        reasons["words"] = _("Write at least a sentence.")
    if reasons:
        raise RightsRefused(**reasons)


def check_move(member: Membership, request: RightsRequest, goal: Status) -> None:
    """Raise RightsRefused unless this is a move of the table, and this member's."""
    if goal not in MOVES[Status(request.status)]:
        raise RightsRefused(
            _("This request is “%(status)s”; that cannot be done any more.")
            % {"status": request.get_status_display()}
        )
    if goal not in moves(member, request):
        raise RightsRefused(_("This step is not yours to take."))


def check_proof(proof: str) -> None:
    if proof not in Proof.values:
        raise RightsRefused(proof=_("Say how it was made sure who asks."))


def check_extension(request: RightsRequest, reason: str, *, today: date) -> None:
    """The person hears of it within the first month (GDPR 12(3)); after it, it is too late."""
    if reason not in Extension.values:
        raise RightsRefused(extension=_("Say why more time is needed."))
    if today > request.due_on:
        raise RightsRefused(
            _("The first month is over. Only within it can the term be extended: answer now.")
        )


def is_reason_for(right: str, refusal: str) -> bool:
    """Of consent and contract only GDPR article 20 speaks."""
    return right == Right.TRANSFER or refusal != Refusal.BASIS


def check_answer(
    request: RightsRequest, goal: Status, *, refusal: str, words: str, has_extract: bool
) -> None:
    """Raise RightsRefused with a sentence for each answer that cannot be right."""
    if reasons := dict(_wrong_answers(goal, refusal, words)):
        raise RightsRefused(**reasons)
    if not is_reason_for(request.right, refusal):
        raise RightsRefused(refusal=_("This reason is for a transfer of data alone."))
    if goal in GIVEN and request.right == Right.ACCESS and not has_extract:
        raise RightsRefused(_("Make the extract first: access is given with it."))
    if goal in GIVEN and request.right == Right.TRANSFER and not has_extract:
        raise RightsRefused(_("Make the file first: the data are transferred with it."))


def _wrong_answers(goal: Status, refusal: str, words: str) -> Iterator[tuple[str, str]]:
    if goal in WITH_REASON and refusal not in Refusal.values:
        yield "refusal", _("Say why something is not done.")
    if goal not in WITH_REASON and refusal:
        yield "refusal", _("A reason belongs to a refusal, also in part.")
    if len(words.strip()) < SHORTEST_WORDS:
        yield "words", _("Write at least a sentence.")


def check_delivery(delivery: str, *, safe: set[str]) -> None:
    """Nothing leaves for an address that is not ticked safe."""
    if delivery not in Delivery.values:
        raise RightsRefused(delivery=_("Choose one of the answers."))
    if delivery != Delivery.COLLECTED and delivery not in safe:
        raise RightsRefused(
            delivery=_("This channel is not known to be safe for this person. Nothing was sent.")
        )


#: How each right is carried out, in the order in which a page offers it.
WAYS = {
    Right.RECTIFICATION: (How.CORRECTED, How.PUT_RIGHT),
    Right.ERASURE: (How.LISTED,),
    Right.RESTRICTION: (How.RESTRICTED,),
    Right.OBJECTION: (How.RESTRICTED,),
}


def can_carry_out(member: Membership, execution: RightsExecution) -> bool:
    """Whether this waits for this member."""
    own = execution.organisation_id == member.organisation_id
    return own and execution.done_at is None and carries_out(member)


def check_carry_out(member: Membership, execution: RightsExecution, how: How) -> None:
    """Raise RightsRefused unless this can be done that way now, by this member."""
    if execution.done_at is not None:
        raise RightsRefused(_("This was carried out already."))
    if not can_carry_out(member, execution):
        raise RightsRefused(_("This step is not yours to take."))
    if how not in WAYS[Right(execution.right)]:
        raise RightsRefused(_("This is not what the person asked."))
