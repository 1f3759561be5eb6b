"""Signals of the demo that name the same van: one has a handler, who links it and was told."""

from __future__ import annotations

from datetime import datetime

from referral.access.context import acting, service
from referral.demo.country.organisations import Country, working
from referral.organisations.roles import Role
from signals.actions import take_up_signals
from signals.links.actions import (
    dismiss_suggestion,
    link_signals,
    list_suggestions,
    tell_handlers,
)
from signals.links.models import LinkKind
from signals.models import ItemKey, KeyKind, Signal
from signals.workflow import Status

NOTE = "Verzonnen: dezelfde witte bestelbus, telkens vroeg in de ochtend."


def link_some(country: Country, *, now: datetime) -> None:
    """One signal is taken up, linked with the likeliest other and parted from the least likely."""
    analyst = country.analysts[0]
    with working(analyst):
        plates = ItemKey.objects.visible_to(analyst).filter(kind=KeyKind.PLATE)
        waiting = Signal.objects.visible_to(analyst).filter(
            status=Status.RECEIVED, pk__in=plates.values("signal")
        )
        for signal in take_up_signals(list(waiting.newest_first()[:1]), by=analyst, at=now):
            suggestions = list_suggestions(signal, by=analyst, at=now)
            for one in suggestions[:1]:
                link_signals(
                    signal, other=one.signal, kind=LinkKind.NETWORK, note=NOTE, by=analyst, at=now
                )
            for one in suggestions[3:][-1:]:
                dismiss_suggestion(signal, other=one.signal, by=analyst, at=now)
    with acting(service(Role.SERVICE_SWEEPER), purpose="demo country") as sweeper:
        tell_handlers(by=sweeper, at=now)
