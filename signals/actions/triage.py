"""The expert centre takes signals up, judges them and closes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from referral.access.models import DataKey
from referral.access.secrets import seal
from referral.audit.actions import Line, record_many
from referral.lib.moments import When, moments
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.models import Judgement, ReceiverFeedback, SecondReading, Signal, SignalNarrative
from signals.rules import check_feedback, check_motivation, check_move, check_take_up
from signals.workflow import AFTER_VERDICT, Feedback, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What the expert centre decides on one signal, and why."""

    signal: Signal
    verdict: Verdict
    motivation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Nothing more is to be done on one signal; of a forwarded one, what its receiver did."""

    signal: Signal
    feedback: Feedback | None = None


def take_up_signal(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """One signal; see take_up_signals."""
    return take_up_signals([signal], by=by, at=at)[0]


def judge_signal(
    signal: Signal, *, verdict: Verdict, motivation: str, by: Membership, at: datetime
) -> Signal:
    """One signal; see judge_signals."""
    judging = Judging(signal=signal, verdict=verdict, motivation=motivation)
    return judge_signals([judging], by=by, at=at)[0]


def close_signal(
    signal: Signal, *, feedback: Feedback | None = None, by: Membership, at: datetime
) -> Signal:
    """One signal; see close_signals."""
    return close_signals([Closing(signal=signal, feedback=feedback)], by=by, at=at)[0]


@transaction.atomic
def take_up_signals(signals: Sequence[Signal], *, by: Membership, at: When) -> list[Signal]:
    """The analyst begins to work on them. Of two who take up the same, exactly one does; the
    other gets MoveRefused with a sentence, and nothing has changed.
    """
    times = moments(at, len(signals))
    locked = lock(signals, by=by)
    for signal in locked:
        check_take_up(by, signal)

    for signal, moment in zip(locked, times, strict=True):
        signal.status, signal.taken_up_at, signal.taken_up_by = Status.TRIAGE, moment, by.user
    write(locked, ["status", "taken_up_at", "taken_up_by"])
    record_each("signal_taken_up", locked, times, by=by)
    return locked


@transaction.atomic
def judge_signals(judgings: Sequence[Judging], *, by: Membership, at: When) -> list[Signal]:
    """Write verdict and motivation, which stay inside; the reporter is told the outcome only.

    Who judges that a signal is not pursued proposes it: the signal goes to a second reader, and
    the reporter hears nothing yet (signals.actions.second_reading).

    Raises MoveRefused when a signal is somebody else's or was judged already, SignalRefused
    when a motivation is missing.
    """
    times = moments(at, len(judgings))
    locked = lock([judging.signal for judging in judgings], by=by)
    motivations = [check_motivation(judging.motivation) for judging in judgings]
    verdicts = [Verdict(judging.verdict) for judging in judgings]
    for signal, verdict in zip(locked, verdicts, strict=True):
        check_move(by, signal, AFTER_VERDICT[verdict])

    keys = keys_of(locked, by=by)
    rows = list(zip(locked, verdicts, motivations, times, strict=True))
    decided = [row for row in rows if row[1] != Verdict.REJECTED]
    proposed = [row for row in rows if row[1] == Verdict.REJECTED]
    Judgement.objects.bulk_create(
        [
            new_judgement(
                signal, verdict, motivation, key=keys[signal.pk], at=moment, judge=by.user_id
            )
            for signal, verdict, motivation, moment in decided
        ],
        batch_size=1000,
    )
    SecondReading.objects.bulk_create(
        [
            _new_reading(signal, motivation, key=keys[signal.pk], at=moment, by=by)
            for signal, _, motivation, moment in proposed
        ],
        batch_size=1000,
    )
    for signal, verdict, _, moment in rows:
        signal.status = AFTER_VERDICT[verdict]
        if verdict != Verdict.REJECTED:
            signal.outcome, signal.outcome_at = verdict, moment
    write(locked, ["status", "outcome", "outcome_at"])
    record_each("signal_judged", [r[0] for r in decided], [r[3] for r in decided], by=by)
    record_each(
        "signal_rejection_proposed", [r[0] for r in proposed], [r[3] for r in proposed], by=by
    )
    tell_outcome([r[0] for r in decided], [r[3] for r in decided], by=by)
    _ask_reader([r[0] for r in proposed], [r[3] for r in proposed], by=by)
    return locked


def new_judgement(
    signal: Signal, verdict: Verdict, motivation: str, *, key: DataKey, at: datetime, judge: int
) -> Judgement:
    """A judgement with its motivation sealed; not written yet."""
    return Judgement(
        signal=signal,
        verdict=verdict,
        motivation=seal({"motivation": motivation}, key=key, about=about_judgement(signal.pk)),
        judged_at=at,
        judged_by_id=judge,
    )


def _new_reading(
    signal: Signal, motivation: str, *, key: DataKey, at: datetime, by: Membership
) -> SecondReading:
    reading = SecondReading(signal=signal, proposed_at=at, proposed_by_id=by.user_id)
    reading.motivation = seal(
        {"motivation": motivation}, key=key, about=about_reading(reading.pk, "motivation")
    )
    return reading


def record_each(
    action: str, signals: Sequence[Signal], times: Sequence[datetime], *, by: Membership
) -> None:
    lines = [Line(action=action, on=s, at=at) for s, at in zip(signals, times, strict=True)]
    record_many(lines, by=by, at=max(times, default=timezone.now()))


def _ask_reader(proposed: Sequence[Signal], times: Sequence[datetime], *, by: Membership) -> None:
    post_many(
        [
            Letter(
                kind=Kind.SIGNAL_TO_READ,
                to=by.organisation,
                role=Role.EMM_ANALYST,
                on=signal,
                at=moment,
            )
            for signal, moment in zip(proposed, times, strict=True)
        ],
        at=max(times, default=timezone.now()),
    )


def tell_outcome(judged: Sequence[Signal], times: Sequence[datetime], *, by: Membership) -> None:
    """Who reported hears the outcome; the expert centre knows its own already."""
    post_many(
        [
            Letter(
                kind=Kind.SIGNAL_JUDGED,
                to=signal.reporter_organisation,
                user=signal.created_by,
                on=signal,
                at=moment,
            )
            for signal, moment in zip(judged, times, strict=True)
            if signal.reporter_organisation_id != by.organisation_id
        ],
        at=max(times, default=timezone.now()),
    )


@transaction.atomic
def close_signals(closings: Sequence[Closing], *, by: Membership, at: When) -> list[Signal]:
    """Nothing more is to be done; the retention period starts here.

    Raises SignalRefused for a forwarded signal without the feedback of its receiver.
    """
    times = moments(at, len(closings))
    locked = lock([closing.signal for closing in closings], by=by)
    feedbacks = [closing.feedback for closing in closings]
    known = ReceiverFeedback.objects.visible_to(by).filter(signal__in=locked)
    told = set(known.values_list("pk", flat=True))
    for signal, feedback in zip(locked, feedbacks, strict=True):
        check_move(by, signal, Status.CLOSED)
        check_feedback(signal, feedback, told=signal.pk in told)

    ReceiverFeedback.objects.bulk_create(
        [
            ReceiverFeedback(
                signal=signal, code=feedback, recorded_at=moment, recorded_by_id=by.user_id
            )
            for signal, feedback, moment in zip(locked, feedbacks, times, strict=True)
            if feedback is not None
        ],
        batch_size=1000,
    )
    for signal, moment in zip(locked, times, strict=True):
        signal.status, signal.closed_at, signal.closed_by = Status.CLOSED, moment, by.user
    write(locked, ["status", "closed_at", "closed_by"])
    record_each("signal_closed", locked, times, by=by)
    return locked


def tell_handler(kind: Kind, signal: Signal, *, at: datetime) -> None:
    """Who took the signal up hears of it."""
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    post(kind, to=centre, user=signal.taken_up_by, on=signal, at=at)


def lock(signals: Sequence[Signal], *, by: Membership) -> list[Signal]:
    """The same signals as they are now, in the same order; nobody else moves them meanwhile.

    Raises Signal.DoesNotExist when one of them is not there for this member.
    """
    wanted = [signal.pk for signal in signals]
    found = {
        signal.pk: signal
        for signal in Signal.objects.visible_to(by)
        .filter(pk__in=wanted)
        .select_related("reporter_organisation", "created_by", "taken_up_by", "changed_by")
        .select_for_update(of=["self"])
        .order_by("pk")
    }
    if not found.keys() >= set(wanted):
        raise Signal.DoesNotExist
    return [found[pk] for pk in wanted]


def write(signals: Sequence[Signal], fields: Sequence[str]) -> None:
    """Write these fields of all, and make sure that every row was written."""
    if update_rows(signals, fields) != len(signals):
        raise Signal.DoesNotExist


def keys_of(signals: Sequence[Signal], *, by: Membership) -> dict[UUID, DataKey]:
    narratives = SignalNarrative.objects.visible_to(by).filter(signal__in=signals)
    return {narrative.pk: narrative.key for narrative in narratives.select_related("key")}


def about_judgement(pk: UUID) -> str:
    """What a sealed motivation says it is about; moved to another signal it does not open."""
    return f"signals_judgement|{pk}|1"


def about_reading(pk: UUID, part: str) -> str:
    """What the sealed words of a second reading say they are about."""
    return f"signals_secondreading|{pk}|{part}|1"
