"""Nothing late stays unseen: who is in charge is told once of each term that is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from referral.audit.actions import Line, record_many
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.actions.levels import level_book
from signals.models import Escalation, Signal
from signals.querysets import SignalQuerySet
from signals.rules import feedback_late, feedback_near, readings_late, triage_late
from signals.workflow import Term

#: In one round of the clock; the rest waits for the next one.
AT_ONCE = 200


@transaction.atomic
def escalate_overdue(*, by: Membership, at: datetime) -> int:
    """Tell the coordinator of signals that were not decided on in time, by who has them or by a
    second reader, and of forwarded ones without feedback; tells how many. A second round tells
    nothing twice, unless a pause began the term anew.
    """
    signals, book = Signal.objects.visible_to(by), level_book(by=by)
    late = signals.overdue_in_triage(triage_late(book, at=at))
    unread = signals.overdue_in_reading(readings_late(book, at=at))
    unanswered = signals.forwarded_before(feedback_late(book, at=at))
    rounds = (
        (Term.TRIAGE, Kind.SIGNAL_OVERDUE, late),
        (Term.SECOND_READING, Kind.SIGNAL_OVERDUE, unread),
        (Term.FEEDBACK, Kind.SIGNAL_FEEDBACK_OVERDUE, unanswered),
    )
    return sum(_tell(term, kind, _next(found, term), by=by, at=at) for term, kind, found in rounds)


@transaction.atomic
def remind_of_feedback(*, by: Membership, at: datetime) -> int:
    """Remind the handler two weeks before the time for feedback is over; tells how many."""
    book = level_book(by=by)
    near = Signal.objects.visible_to(by).forwarded_before(feedback_near(book, at=at))
    signals = _next(near, Term.FEEDBACK_NEAR)
    return _tell(Term.FEEDBACK_NEAR, Kind.SIGNAL_FEEDBACK_NEAR, signals, by=by, at=at)


def _next(signals: SignalQuerySet, term: Term) -> list[Signal]:
    """Those of which nobody was told yet, the oldest first."""
    fresh = signals.not_told_of(term).select_related("taken_up_by")
    return list(fresh.order_by("created_at", "pk")[:AT_ONCE])


def _tell(
    term: Term, kind: Kind, signals: Sequence[Signal], *, by: Membership, at: datetime
) -> int:
    """One row for each signal, which no second worker can write; a line, and a notice."""
    if not signals:
        return 0
    Escalation.objects.bulk_create(
        [
            Escalation(signal=s, term=term, told_at=at, told_by=by.user, paused=s.paused)
            for s in signals
        ]
    )
    record_many([Line(action="signal_escalated", on=s, at=at) for s in signals], by=by, at=at)
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    to_handler = term == Term.FEEDBACK_NEAR
    post_many(
        [
            Letter(
                kind=kind,
                to=centre,
                on=signal,
                role=None if to_handler else Role.EMM_COORDINATOR,
                user=signal.taken_up_by if to_handler else None,
                urgent=signal.danger or signal.minors,
            )
            for signal in signals
        ],
        at=at,
    )
    return len(signals)
