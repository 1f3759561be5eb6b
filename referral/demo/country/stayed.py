"""Stays of the demo: one that is asked to last longer, and one that is planned to end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from referral.demo.country.organisations import Country, working
from shelters.models import EndReason
from shelters.stays.actions import ask_extension, plan_outflow, write_stay_note
from shelters.stays.models import BlockerKind, Funding, LongerBecause, Stay
from shelters.stays.rules import Longer, Outflow

NOTE = "Verzonnen: eet mee met de groep, en wil graag Nederlandse les."


def follow_some_stays(country: Country, *, now: datetime) -> None:
    """In each shelter with enough people the longest stay goes on, and the next one ends."""
    today = timezone.localdate(now)
    for manager in country.shelters:
        with working(manager):
            stays = list(Stay.objects.visible_to(manager).open().longest_first()[:2])
            if len(stays) == 2:
                longest, next_one = stays
                longer = Longer(
                    stay=longest,
                    until=max(longest.agreed_until, today) + timedelta(days=42),
                    reason=LongerBecause.NO_PLACE,
                    funding=Funding.MUNICIPALITY,
                )
                ask_extension(longer, by=manager, at=now - timedelta(hours=2))
                write_stay_note(longest, words=NOTE, by=manager, at=now - timedelta(hours=2))
                outflow = Outflow(
                    stay=next_one,
                    leave_on=today + timedelta(days=6),
                    destination=EndReason.OWN_HOME,
                    blockers=[BlockerKind.NO_HOUSING, BlockerKind.WAITING_IND],
                )
                plan_outflow(outflow, by=manager, at=now - timedelta(hours=1))
