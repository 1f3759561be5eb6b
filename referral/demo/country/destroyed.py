"""Signals past their term in the demo: some destroyed, some that wait for a second person, one held."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from referral.access.context import service
from referral.demo.cast import BY_SLUG
from referral.demo.country.indications import draft
from referral.demo.country.organisations import Country, join, working
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.destruction import actions
from referral.retention.destruction.models import DestructionList
from referral.retention.models import HoldReason
from signals.actions import (
    Closing,
    Judging,
    close_signals,
    judge_signals,
    submit_signals,
    take_up_signals,
)
from signals.models import Signal
from signals.workflow import Verdict

#: Who approves; the coordinator of the demo is the second person.
COLLEAGUE = "emm-coordinator-2@demo.invalid"
#: How many days ago they were closed. The term of a municipal signal is a year.
GONE, WAITING = (430, 428), (390, 389, 388, 387)
#: How many days ago the first list was made, the hold was placed, and the second list was made.
FIRST, HELD, SECOND = 40, 12, 9
MOTIVATION = "Verzonnen: te weinig om verder te zoeken, daarom alleen bewaard."


def destroy_some(country: Country, *, now: datetime) -> None:
    """Two nights of the clock, a year after the signals were closed."""
    first, *_others = country.front_line
    hanna = Membership.objects.with_names().get(user__email=BY_SLUG["emm-coordinator"].email)
    join(COLLEAGUE, "Ida Voorbeeld", hanna.organisation, Role.EMM_COORDINATOR)
    colleague = Membership.objects.with_names().get(user__email=COLLEAGUE)
    closed = [now - timedelta(days=days) for days in (*GONE, *WAITING)]
    signals = close_long_ago(first, colleague, closed)

    listed = approved(colleague, at=now - timedelta(days=FIRST))
    with working(hanna):
        actions.destroy_list(listed, by=hanna, at=now - timedelta(days=FIRST - 1))
    at = now - timedelta(days=HELD)
    with working(colleague):
        actions.hold_signal(
            signals[-1],
            reason=HoldReason.COURT,
            until=timezone.localdate(now) + timedelta(days=90),
            by=colleague,
            at=at,
        )
    approved(colleague, at=now - timedelta(days=SECOND))


def close_long_ago(sender: Membership, analyst: Membership, closed: list[datetime]) -> list[Signal]:
    """Sent a month before, judged, and closed on these days."""
    numbers = Random("destroyed")  # noqa: S311 -- made-up signals only
    sent = [at - timedelta(days=30) for at in closed]
    with working(sender):
        signals = submit_signals([draft(sender, at, numbers) for at in sent], by=sender, at=sent)
    with working(analyst):
        taken = take_up_signals(signals, by=analyst, at=[at + timedelta(days=1) for at in sent])
        judged = judge_signals(
            [
                Judging(signal=signal, verdict=Verdict.MONITORED, motivation=MOTIVATION)
                for signal in taken
            ],
            by=analyst,
            at=[at + timedelta(days=2) for at in sent],
        )
        return close_signals([Closing(signal=one) for one in judged], by=analyst, at=closed)


def approved(owner: Membership, *, at: datetime) -> DestructionList:
    """One night, and the day after it on which the expert centre lets them go."""
    clock = service(Role.SERVICE_SWEEPER)
    with working(clock):
        actions.review_lists(by=clock, at=at)
    with working(owner):
        listed = DestructionList.objects.visible_to(owner).open().get()
        return actions.approve_list(listed, by=owner, at=at + timedelta(hours=1))
