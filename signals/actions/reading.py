"""Looking at signals. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from signals.actions import merging, parking, questions, second_reading
from signals.actions.amendments import OpenedAmendment, opened_story, words_of_withdrawal
from signals.actions.deepening import OpenedDeepening, opened_deepenings
from signals.actions.items import OpenedItem
from signals.actions.levels import level_book
from signals.actions.triage import about_judgement
from signals.models import (
    Escalation,
    Judgement,
    Merging,
    Offshoot,
    Parking,
    Question,
    ReceiverFeedback,
    SecondReading,
    Signal,
    SignalNarrative,
    Withdrawal,
)
from signals.querysets import HomeLists, home_lists
from signals.querysets.signal import readable_by
from signals.rules import LevelBook, Said, SignalDestroyed
from signals.workflow import Status


@dataclass(frozen=True, slots=True)
class OpenedQuestion:
    """A question to the reporter in words, and the answer when there is one."""

    question: Question
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenedParking:
    """Until when a signal waits or waited, and why."""

    parking: Parking
    reason: str


@dataclass(frozen=True, slots=True)
class OpenedMerging:
    """With which other signal one was joined, and why."""

    merging: Merging
    reason: str


@dataclass(frozen=True, slots=True)
class OpenedReading:
    """A proposal to reject, and what the second reader said of it."""

    reading: SecondReading
    motivation: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReport:
    """What was reported, and what the reporter was asked about it."""

    signal: Signal
    facts: str = ""
    details: dict[str, object] = field(default_factory=dict)
    #: The answers to the reporter's own questions, in the edition in which they were asked.
    said: Said = field(default_factory=Said)
    #: Whom and what it names, those that an amendment took away too.
    items: tuple[OpenedItem, ...] = ()
    #: What its reporters changed after sending, in the order of the changes.
    amendments: tuple[OpenedAmendment, ...] = ()
    #: Of a report read alone: the one that waits for its answer, if any.
    questions: list[OpenedQuestion] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSignal(OpenedReport):
    """Everything that one member may see of one signal."""

    #: By which its terms are judged.
    levels: LevelBook
    withdrawal: Withdrawal | None = None
    why_withdrawn: str = ""
    #: Signals that were split off the same one.
    family: list[Offshoot] = field(default_factory=list)
    judgement: Judgement | None = None
    motivation: str = ""
    parkings: list[OpenedParking] = field(default_factory=list)
    readings: list[OpenedReading] = field(default_factory=list)
    mergings: list[OpenedMerging] = field(default_factory=list)
    joined: list[Signal] = field(default_factory=list)
    #: What its reporters added, the last revision first.
    deepenings: tuple[OpenedDeepening, ...] = ()
    feedback: ReceiverFeedback | None = None
    escalations: list[Escalation] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def list_signals(found: Iterable[Signal], *, by: Membership, at: datetime) -> list[Signal]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    signals = list(found)
    record("signals_listed", by=by, at=at, ids=[signal.pk for signal in signals])
    return signals


@transaction.atomic(savepoint=False)
def list_home_signals(*, by: Membership, at: datetime, tally: Tally | None = None) -> HomeLists:
    """What the home page shows of signals, by role; see signals.querysets.home_lists."""
    home = home_lists(Signal.objects.visible_to(by), by, tally or Tally())
    if home.rows:
        record("signals_listed", by=by, at=at, ids=[signal.pk for signal in home.rows])
    return home


@transaction.atomic(savepoint=False)
def open_report(signal: Signal, *, by: Membership, at: datetime) -> OpenedReport:
    """Read what was reported, without what became of it: a partner's system asks for no more.

    `signal` was read by visible_to, and with_words.
    """
    narrative = signal.narrative
    record("signal_opened", by=by, at=at, on=signal)
    story = opened_story(signal, narrative, by=by)
    return OpenedReport(
        signal=signal,
        facts=story.facts,
        details=story.details,
        said=story.said,
        items=story.items,
        amendments=story.amendments,
        questions=_open_question(signal, narrative.key, by=by),
    )


@transaction.atomic
def open_signal(
    signal: Signal,
    *,
    by: Membership,
    at: datetime,
    action: str = "signal_opened",
    purpose: str = "",
) -> OpenedSignal:
    """Read the whole signal: for its reporters what was seen and added, for the expert centre
    also the judgement. Raises Signal.DoesNotExist when it is not there for this member, and
    SignalDestroyed when its term is over.

    The trail holds one line for it: `action`, for `purpose`.
    """
    signal = Signal.objects.visible_to(by).with_names().get(pk=signal.pk)
    narrative = _narrative(signal, by=by)
    record(action, by=by, at=at, on=signal, purpose=purpose)

    story = opened_story(signal, narrative, by=by)
    withdrawal = _withdrawal(signal, by=by)
    judgement = (
        Judgement.objects.visible_to(by).select_related("judged_by").filter(pk=signal.pk).first()
    )
    return OpenedSignal(
        signal=signal,
        levels=level_book(by=by),
        facts=story.facts,
        details=story.details,
        said=story.said,
        items=story.items,
        amendments=story.amendments,
        withdrawal=withdrawal,
        why_withdrawn=words_of_withdrawal(withdrawal, narrative.key) if withdrawal else "",
        family=list(Offshoot.objects.visible_to(by).family_of(signal)),
        judgement=judgement,
        motivation=_motivation(judgement, narrative.key) if judgement else "",
        questions=_questions(signal, narrative.key, by=by),
        parkings=_parkings(signal, narrative.key, by=by),
        readings=_readings(signal, narrative.key, by=by),
        mergings=_mergings(signal, narrative.key, by=by),
        joined=[m.signal for m in Merging.objects.visible_to(by).open().joined_with(signal)],
        deepenings=opened_deepenings(signal, key=narrative.key, by=by),
        feedback=ReceiverFeedback.objects.visible_to(by).filter(pk=signal.pk).first(),
        escalations=list(Escalation.objects.visible_to(by).filter(signal=signal)),
    )


@transaction.atomic(savepoint=False)
def read_what_is_left(signal: Signal, *, by: Membership, at: datetime) -> None:
    """Of a signal that was destroyed somebody sees the number and the codes."""
    record("signal_opened", by=by, at=at, on=signal)


def _narrative(signal: Signal, *, by: Membership) -> SignalNarrative:
    found = SignalNarrative.objects.visible_to(by).select_related("key").filter(pk=signal.pk)
    narrative = found.first()
    if narrative is None:
        if Signal.objects.filter(readable_by(by), pk=signal.pk).exists():
            raise SignalDestroyed(
                _("What was reported has been destroyed, because its term is over.")
            )
        raise Signal.DoesNotExist
    return narrative


def _withdrawal(signal: Signal, *, by: Membership) -> Withdrawal | None:
    found = Withdrawal.objects.visible_to(by).select_related("withdrawn_by")
    return found.filter(pk=signal.pk).first()


def _mergings(signal: Signal, key: DataKey, *, by: Membership) -> list[OpenedMerging]:
    found = Merging.objects.visible_to(by).filter(signal=signal).with_people()
    return [OpenedMerging(one, merging.reason_of(one, key)) for one in found.order_by("began_at")]


def _questions(signal: Signal, key: DataKey, *, by: Membership) -> list[OpenedQuestion]:
    found = Question.objects.visible_to(by).filter(signal=signal).with_people()
    return [
        OpenedQuestion(question, *questions.words_of(question, key))
        for question in found.order_by("began_at")
    ]


def _open_question(signal: Signal, key: DataKey, *, by: Membership) -> list[OpenedQuestion]:
    """Asked for only where one waits: most signals never had a question."""
    if signal.status != Status.NEEDS_INFO:
        return []
    found = Question.objects.visible_to(by).open().filter(signal=signal)
    return [OpenedQuestion(one, *questions.words_of(one, key)) for one in found]


def _parkings(signal: Signal, key: DataKey, *, by: Membership) -> list[OpenedParking]:
    found = Parking.objects.visible_to(by).filter(signal=signal).with_people()
    return [OpenedParking(one, parking.reason_of(one, key)) for one in found.order_by("began_at")]


def _readings(signal: Signal, key: DataKey, *, by: Membership) -> list[OpenedReading]:
    found = SecondReading.objects.visible_to(by).filter(signal=signal)
    return [
        OpenedReading(
            reading,
            second_reading.motivation_of(reading, key),
            second_reading.remark_of(reading, key),
        )
        for reading in found.select_related("proposed_by", "read_by").order_by("proposed_at")
    ]


def _motivation(judgement: Judgement, key: DataKey) -> str:
    sealed = unseal(bytes(judgement.motivation), key=key, about=about_judgement(judgement.pk))
    return str(sealed["motivation"])


@transaction.atomic(savepoint=False)
def open_receipt(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """The reporter reads the receipt: reference and next step, nothing of the content."""
    record("signal_receipt_opened", by=by, at=at, on=signal)
    return signal


@transaction.atomic(savepoint=False)
def open_status(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """A partner's system reads where a signal stands, nothing of what was seen."""
    record("signal_status_read", by=by, at=at, on=signal)
    return signal
