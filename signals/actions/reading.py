"""Looking at signals. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from referral.access.models import DataKey
from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.actions.intake import about_narrative
from signals.actions.triage import about_judgement
from signals.models import Judgement, Signal, SignalNarrative
from signals.querysets import HomeLists, home_lists


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSignal:
    """Everything that one member may see of one signal."""

    signal: Signal
    facts: str = ""
    details: dict[str, object] = field(default_factory=dict)
    judgement: Judgement | None = None
    motivation: str = ""


@transaction.atomic
def list_signals(found: Iterable[Signal], *, by: Membership, at: datetime) -> list[Signal]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    signals = list(found)
    record("signals_listed", by=by, at=at, ids=[signal.pk for signal in signals])
    return signals


@transaction.atomic
def list_home_signals(*, by: Membership, at: datetime) -> HomeLists:
    """What the home page shows of signals, by role; see signals.querysets.home_lists."""
    home = home_lists(Signal.objects.visible_to(by), by)
    if home.rows:
        record("signals_listed", by=by, at=at, ids=[signal.pk for signal in home.rows])
    return home


@transaction.atomic
def open_signal(signal: Signal, *, by: Membership, at: datetime) -> OpenedSignal:
    """Read the whole signal: for its reporters what was seen, for the expert centre also the
    judgement. Raises Signal.DoesNotExist when it is not there for this member.
    """
    signal = Signal.objects.visible_to(by).with_names().get(pk=signal.pk)
    narrative = (
        SignalNarrative.objects.visible_to(by).select_related("key").filter(pk=signal.pk).first()
    )
    if narrative is None:
        raise Signal.DoesNotExist
    record("signal_opened", by=by, at=at, on=signal)

    payload = unseal(bytes(narrative.sealed), key=narrative.key, about=about_narrative(signal))
    judgement = (
        Judgement.objects.visible_to(by).select_related("judged_by").filter(pk=signal.pk).first()
    )
    details = payload["details"]
    return OpenedSignal(
        signal=signal,
        facts=str(payload["facts"]),
        details=details if isinstance(details, dict) else {},
        judgement=judgement,
        motivation=_motivation(judgement, narrative.key) if judgement else "",
    )


def _motivation(judgement: Judgement, key: DataKey) -> str:
    sealed = unseal(bytes(judgement.motivation), key=key, about=about_judgement(judgement.pk))
    return str(sealed["motivation"])


@transaction.atomic
def open_receipt(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """The reporter reads the receipt: reference and next step, nothing of the content."""
    record("signal_receipt_opened", by=by, at=at, on=signal)
    return signal


@transaction.atomic
def open_status(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """A partner's system reads where a signal stands, nothing of what was seen."""
    record("signal_status_read", by=by, at=at, on=signal)
    return signal
