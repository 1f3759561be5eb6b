"""A tip is a signal by the service of tips, and a hash by which its sender finds it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.actions import answer_question, deepen_signal, submit_signal
from signals.actions.deepening import opened_deepenings
from signals.actions.questions import words_of
from signals.actions.triage import keys_of
from signals.models import Channel, Question, Signal
from signals.rules import Draft, Findings
from signals.tips.models import Tip
from signals.tips.rules import can_add, check_add, hashed, not_right


@dataclass(frozen=True, slots=True)
class OpenedTip:
    """What its sender sees again: where it stands, a question; never what was told."""

    signal: Signal
    question: str = ""

    @property
    def can_add(self) -> bool:
        return can_add(self.signal)


@transaction.atomic
def send_tip(draft: Draft, *, code: str, by: Membership, at: datetime) -> Signal:
    """Make a signal of what a citizen tells. Sent twice with one code it is one tip.

    Raises SignalRefused for what is no signal.
    """
    code_hash = hashed(code)
    _one_at_a_time(code_hash)
    earlier = Tip.objects.visible_to(by).select_related("signal").filter(code_hash=code_hash)
    if (tip := earlier.first()) is not None:
        return tip.signal
    signal = submit_signal(replace(draft, channel=Channel.CITIZEN), by=by, at=at)
    Tip.objects.create(signal=signal, code_hash=code_hash)
    record("tip_sent", by=by, at=at, on=signal)
    return signal


@transaction.atomic
def find_tip(code: str, *, by: Membership) -> Tip:
    """The tip of a code. Whatever is wrong with a code, it takes as long and says the same."""
    code_hash = hashed(code)
    tip = Tip.objects.visible_to(by).select_related("signal").filter(code_hash=code_hash).first()
    if tip is None:
        raise not_right()
    return tip


@transaction.atomic
def open_tip(tip: Tip, *, by: Membership, at: datetime) -> OpenedTip:
    """Where the tip stands, and the question that waits for an answer; the look is recorded."""
    record("tip_opened", by=by, at=at, on=tip.signal)
    signal = Signal.objects.visible_to(by).get(pk=tip.signal_id)
    asked = Question.objects.visible_to(by).open().filter(signal=signal).first()
    if asked is None:
        return OpenedTip(signal)
    text, _answer = words_of(asked, keys_of([signal], by=by)[signal.pk])
    return OpenedTip(signal, text)


@transaction.atomic
def answer_tip(tip: Tip, *, answer: str, by: Membership, at: datetime) -> None:
    """Answer the question of the expert centre; it goes on with the signal."""
    answer_question(tip.signal, answer=answer, by=by, at=at)
    record("tip_answered", by=by, at=at, on=tip.signal)


@transaction.atomic
def add_to_tip(tip: Tip, *, text: str, by: Membership, at: datetime) -> None:
    """Add to what was told, as a revision of the whole; the expert centre hears of it.

    The same words sent twice are added once.
    """
    named = Signal.objects.visible_to(by).select_related("taken_up_by")
    signal = named.get(pk=tip.signal_id)
    text = check_add(signal, text)
    key = keys_of([signal], by=by)[signal.pk]
    earlier = next(iter(opened_deepenings(signal, key=key, by=by)), None)
    before = earlier.facts if earlier else ""
    if before.endswith(text):
        return
    findings = Findings(
        facts="\n\n".join(part for part in (before, text) if part),
        after=earlier.number if earlier else 0,
    )
    deepen_signal(signal, findings, by=by, at=at)
    record("tip_added_to", by=by, at=at, on=signal)
    centre = Organisation.objects.of_type(OrganisationType.EMM).first()
    if centre is not None:
        role = None if signal.taken_up_by else Role.EMM_ANALYST
        post(Kind.TIP_ADDED, to=centre, role=role, user=signal.taken_up_by, on=signal, at=at)


def _one_at_a_time(code_hash: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(code_hash[:8], signed=True)]
        )
