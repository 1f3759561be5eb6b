"""The doors that move a record, what is sent through each, and how a member does it.

A deed names the arrows that it makes, by goal; whose each arrow is stands in tests/moves/lives.py.
These are the doors of the big rooms; those of the rooms inside are in tests/moves/inner_deeds.py.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from referral.access.context import acting
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.cases.workflow import Side as CareSide
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX
from referral.organisations.roles import Role
from referral.registrations.workflow import Status as RegistrationStatus
from shelters.workflow import PlacementStatus, RequestStatus
from signals.workflow import Side
from signals.workflow import Status as SignalStatus
from tests.moves.lives import CASE, HANDOFF, PLACEMENT, REGISTRATION, REQUEST, SIGNAL, Life, Sides

#: Names that the world gives to a deed: a bed that is free, another signal to join with.
Names = Mapping[str, str]
Answers = Callable[[Any, Names], Mapping[str, Any]]


def plain(**answers: Any) -> Answers:
    return lambda _record, _names: answers


NOTHING = plain()


@dataclass(frozen=True)
class Arrow:
    """A goal, and where the deed begins when the table knows more ways to that goal."""

    goal: StrEnum
    starts: frozenset[str] = frozenset()
    side: StrEnum | None = None

    def leads(self, life: Life, start: str, sides: Sides) -> bool:
        movers = life.movers(start, self.goal) & ({self.side} if self.side else sides)
        return (not self.starts or start in self.starts) and bool(movers & sides)


@dataclass(frozen=True, eq=False)
class Deed:
    """One form or button."""

    name: str
    door: str
    life: Life
    arrows: tuple[Arrow, ...]
    answers: Answers = NOTHING
    #: What the address of the door names: the record, or what it belongs to.
    named: str = "pk"
    #: What the address says after that.
    then: tuple[str, ...] = ()
    #: A name of the world that the address says before that.
    before: str = ""
    #: One of the many goals of one door: it is tried in vain from one status only, since the test of
    #: the room walks its table pair by pair.
    of_many: bool = False
    #: What a service does, which has no door.
    work: Callable[[Any, Membership], object] | None = None

    def address(self, record: Any, names: Names) -> str:
        first = [names[self.before]] if self.before else []
        return reverse(self.door, args=[*first, getattr(record, self.named), *self.then])

    def request(self, record: Any, names: Names) -> HttpRequest:
        answers = {**self.answers(record, names), "idempotency_key": str(uuid4())}
        return RequestFactory().post(self.address(record, names), answers)

    def goals(self, start: str, sides: Sides) -> set[str]:
        """Where it brings a record that stands there, done by who stands there."""
        return {one.goal for one in self.arrows if one.leads(self.life, start, sides)}


def deed(
    door: str,
    life: Life,
    goal: StrEnum,
    *starts: StrEnum,
    answers: Answers = NOTHING,
    name: str = "",
    named: str = "pk",
    then: tuple[str, ...] = (),
    before: str = "",
) -> Deed:
    arrows = (Arrow(goal, frozenset(starts)),)
    return Deed(name or door, door, life, arrows, answers, named, then, before)


def _end_of_stay(placement: Any, _names: Names) -> dict[str, str]:
    return {"reason": "own_home" if placement.arrived_at else "never_arrived"}


def _other_signal(signal: Any, names: Names) -> dict[str, str]:
    return {"into": names["signal"], "reason": "The same van.", "version": signal.version}


def seen(**answers: Any) -> Answers:
    """Of a signal as it stands, which the page says by its version."""
    return lambda signal, _names: {**answers, "version": signal.version}


_H, _P, _R, _S = HandoffStatus, PlacementStatus, RegistrationStatus, SignalStatus
CARE = (
    deed("cases:accept", CASE, CaseStatus.ACTIVE),
    deed(
        "cases:close",
        CASE,
        CaseStatus.CLOSED,
        answers=plain(reason="goals_reached", outcome="safe_supported", person_informed="yes"),
    ),
    deed("cases:review_handoff", HANDOFF, _H.IN_REVIEW, _H.OFFERED),
    # One form: the receiver asks, the sender replies.
    Deed(
        "cases:handoff_question",
        "cases:handoff_question",
        HANDOFF,
        (
            Arrow(_H.INFO_REQUESTED),
            Arrow(_H.IN_REVIEW, frozenset({_H.INFO_REQUESTED}), CareSide.SENDER),
        ),
        plain(text="Who is the doctor?"),
    ),
    deed("cases:accept_handoff", HANDOFF, _H.ACCEPTED),
    deed("cases:decline_handoff", HANDOFF, _H.DECLINED, answers=plain(reason="capacity")),
    deed("cases:withdraw_handoff", HANDOFF, _H.WITHDRAWN),
    deed(
        "cases:complete_handoff",
        HANDOFF,
        _H.COMPLETED,
        answers=lambda _record, _names: {
            "met_on": timezone.localdate().isoformat(),
            "victim_informed": "yes",
        },
    ),
    deed("shelters:cancel", REQUEST, RequestStatus.CANCELLED),
    deed(
        "shelters:reserve",
        REQUEST,
        RequestStatus.OFFERED,
        answers=lambda _record, names: {"bed": names["bed"], "reason": "agreed"},
    ),
    deed("shelters:accept", PLACEMENT, _P.ACCEPTED),
    deed("shelters:refuse", PLACEMENT, _P.REFUSED, answers=plain(reason="full")),
    deed("shelters:take_back", PLACEMENT, _P.WITHDRAWN),
    deed("shelters:arrive", PLACEMENT, _P.ARRIVED),
    deed("shelters:end", PLACEMENT, _P.ENDED, answers=_end_of_stay),
    deed(
        "registrations:return",
        REGISTRATION,
        _R.RETURNED,
        answers=plain(missing=["sector"], question="Which one?"),
    ),
    deed(
        "registrations:complete",
        REGISTRATION,
        _R.REGISTERED,
        answers=plain(care_needed="yes"),
    ),
    deed(
        "registrations:resubmit",
        REGISTRATION,
        _R.SUBMITTED,
        answers=lambda _record, _names: {**WHOLE_REPORT, "version": 1},
    ),
    deed(
        "registrations:withdraw",
        REGISTRATION,
        _R.WITHDRAWN,
        _R.SUBMITTED,
        _R.RETURNED,
        answers=plain(reason="mistake"),
    ),
)
#: The whole minimum set, as a form says it.
WHOLE_REPORT = {
    "given_names": "Wilhelmina",
    "family_name": "van Zangvogel",
    "birth_date": "23-7-1991",
    "nationality": "PL",
    "sex": "female",
    "forms": ["sexual", "labour"],
    "primary_form": "sexual",
    "sector": "hotel",
    "period_from": "03-2024",
    "place_country": "NL",
    "crossing": "crossborder",
    "help_wanted": "no",
}
INTELLIGENCE = (
    deed("signals:take_up", SIGNAL, _S.TRIAGE, _S.RECEIVED, answers=seen()),
    deed(
        "signals:withdraw",
        SIGNAL,
        _S.WITHDRAWN,
        answers=seen(reason="mistake", explanation="It was a rehearsal."),
    ),
    deed("signals:ask", SIGNAL, _S.NEEDS_INFO, answers=seen(question="Which plate?")),
    # The handler could take the question back, and does that by another button.
    Deed(
        "signals:answer",
        "signals:answer",
        SIGNAL,
        (Arrow(_S.TRIAGE, frozenset({_S.NEEDS_INFO}), Side.REPORTER),),
        seen(answer="XX-99-YY"),
    ),
    Deed(
        "signals:withdraw_question",
        "signals:withdraw_question",
        SIGNAL,
        (Arrow(_S.TRIAGE, frozenset({_S.NEEDS_INFO}), Side.HANDLER),),
        seen(),
    ),
    deed(
        "signals:park",
        SIGNAL,
        _S.PARKED,
        answers=lambda signal, _names: {
            "until": (timezone.localdate() + timedelta(days=30)).isoformat(),
            "reason": "A raid.",
            "version": signal.version,
        },
    ),
    deed("signals:bring_back", SIGNAL, _S.TRIAGE, _S.PARKED, answers=seen()),
    deed("signals:merge", SIGNAL, _S.MERGED, answers=_other_signal),
    deed("signals:unmerge", SIGNAL, _S.TRIAGE, _S.MERGED, answers=seen()),
    *(
        deed(
            "signals:judge",
            SIGNAL,
            goal,
            name=f"signals:judge {verdict}",
            answers=seen(verdict=verdict, motivation="Three facts agree."),
        )
        for verdict, goal in (
            ("forwarded", _S.FORWARDED),
            ("monitored", _S.MONITORED),
            ("rejected", _S.SECOND_READING),
        )
    ),
    deed(
        "signals:second_reading",
        SIGNAL,
        _S.REJECTED,
        name="signals:second_reading confirm",
        answers=seen(decision="confirm"),
    ),
    deed(
        "signals:second_reading",
        SIGNAL,
        _S.TRIAGE,
        _S.SECOND_READING,
        name="signals:second_reading give_back",
        answers=seen(decision="give_back", remark="Look again."),
    ),
    deed("signals:close", SIGNAL, _S.CLOSED, _S.MERGED, _S.MONITORED, _S.REJECTED, answers=seen()),
    deed(
        "signals:close_with_feedback",
        SIGNAL,
        _S.CLOSED,
        _S.FORWARDED,
        answers=seen(feedback="started"),
    ),
)
ROOTS = (*CARE, *INTELLIGENCE)


class Said(BaseStorage):
    """The messages of one request, kept nowhere."""

    def _get(self, *_args: Any, **_kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        return []


class Told(Exception):
    """A refusal on its way into a form, whose page need not be made to hear it."""


def tell(refusal: Refused, _form: object) -> None:
    raise Told(str(refusal))


def do(one: Deed, record: Any, who: Membership, names: Names) -> tuple[int, str]:
    """Send the form as this member: the status of the answer, and what was said.

    Raises what a page must not raise.
    """
    if one.work:
        return _worked(one.work, record, who)
    request: Any = one.request(record, names)
    view, args, kwargs = resolve(request.path)
    request.user, request.member, request.session, request.htmx = who.user, who, {}, False
    request._messages = Said(request)
    # Whom the door does not let in asks the database nothing.
    comes_in = not view.door or MATRIX[Role(who.role)] & set(view.door)
    try:
        with (
            acting(who, purpose="test") if comes_in else nullcontext(),
            patch.object(Refused, "show_in", tell),
            transaction.atomic() if comes_in else nullcontext(),
        ):
            answer = view(request, *args, **kwargs)
    except Http404:
        return 404, ""
    except Told as told:
        return 422, str(told)
    return answer.status_code, "; ".join(str(one) for one in request._messages._queued_messages)


def _worked(
    work: Callable[[Any, Membership], object], record: Any, who: Membership
) -> tuple[int, str]:
    """As `do`, of what has no page: whom the database stops is told so."""
    try:
        with acting(who, purpose="test"), transaction.atomic():
            work(record, who)
    except (ObjectDoesNotExist, DatabaseError) as stopped:
        return 404, str(stopped)
    return 204, ""
