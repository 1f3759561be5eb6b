"""The reporter's side adds what it knows: indicators with their source, facts, interpretation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.actions.triage import keys_of
from signals.models import Deepening, DeepeningAnswer, Signal
from signals.rules import (
    Findings,
    check_adds,
    check_deepen,
    check_findings,
    offered_indicators,
    revisions_take_turns,
)
from signals.urgency import Level

#: What a trigger counts when indicators are answered, and what follows from it.
COUNTED = ["departs", "urgent_indicators", "strong_indicators", "urgency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDeepening:
    """One revision, unsealed, with its answers in the words that were shown."""

    number: int
    at: datetime
    by: str
    facts: str
    interpretation: str
    answers: tuple[DeepeningAnswer, ...]


@transaction.atomic
def deepen_signal(signal: Signal, findings: Findings, *, by: Membership, at: datetime) -> Signal:
    """Write a new revision of what is known more; the ones before it stay.

    The expert centre hears of it when the urgency changes. Raises DeepeningRefused for what was
    not asked, after the judgement, when a colleague was first, and when nothing changed.
    """
    names = Signal.objects.visible_to(by).select_related("reporter_organisation", "taken_up_by")
    signal = names.get(pk=signal.pk)
    check_deepen(by, signal)
    offered = offered_indicators(signal, on=timezone.localdate(at))
    check_findings(findings, offered)
    key = keys_of([signal], by=by)[signal.pk]
    check_adds(findings, _last_findings(signal, key, by=by))

    deepening = Deepening(
        signal=signal, number=findings.after + 1, added_at=at, added_by_id=by.user_id
    )
    deepening.sealed = seal(
        {"facts": findings.facts.strip(), "interpretation": findings.interpretation.strip()},
        key=key,
        about=about_deepening(deepening.pk),
    )
    with revisions_take_turns():
        deepening.save(force_insert=True)
    DeepeningAnswer.objects.bulk_create(
        DeepeningAnswer(deepening=deepening, indicator=offered[name], knowledge=knowledge)
        for name, knowledge in findings.answers.items()
    )
    before = signal.urgency
    signal.refresh_from_db(fields=COUNTED)
    record("signal_deepened", by=by, at=at, on=signal)
    if signal.urgency != before:
        tell(Kind.SIGNAL_DEEPENED, signal, by=by, at=at)
    return signal


def _last_findings(signal: Signal, key: DataKey, *, by: Membership) -> Findings | None:
    """What the last revision says, as a form would say it again."""
    found = Deepening.objects.visible_to(by).filter(signal=signal).newest_first().with_answers()
    last = found.first()
    if last is None:
        return None
    said = _opened(last, key)
    return Findings(
        answers={answer.indicator.name: answer.knowledge for answer in said.answers},
        facts=said.facts,
        interpretation=said.interpretation,
        after=said.number,
    )


def tell(kind: Kind, signal: Signal, *, by: Membership, at: datetime) -> None:
    """Who took the signal up hears what its reporter did; before that, all who triage."""
    emm = Organisation.objects.of_type(OrganisationType.EMM).first()
    if emm is None or emm.pk == by.organisation_id:
        return
    post(
        kind,
        to=emm,
        role=None if signal.taken_up_by else Role.EMM_ANALYST,
        user=signal.taken_up_by,
        on=signal,
        at=at,
        urgent=signal.urgency <= Level.MINOR,
    )


def opened_deepenings(
    signal: Signal, *, key: DataKey, by: Membership
) -> tuple[OpenedDeepening, ...]:
    """Every revision, the last first. Part of open_signal, which records the look."""
    found = Deepening.objects.visible_to(by).filter(signal=signal).newest_first().with_answers()
    return tuple(_opened(deepening, key) for deepening in found)


def _opened(deepening: Deepening, key: DataKey) -> OpenedDeepening:
    said = unseal(bytes(deepening.sealed), key=key, about=about_deepening(deepening.pk))
    return OpenedDeepening(
        number=deepening.number,
        at=deepening.added_at,
        by=str(deepening.added_by),
        facts=str(said["facts"]),
        interpretation=str(said["interpretation"]),
        answers=tuple(deepening.answers.all()),
    )


def about_deepening(pk: UUID) -> str:
    """What a sealed revision says it is about; moved to another one it does not open."""
    return f"signals_deepening|{pk}|1"
