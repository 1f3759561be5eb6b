"""Reads of extracts; each begins with `visible_to`. The policy of migration 0001 says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission
from signals.forwarding.workflow import OPEN, ExtractStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from referral.organisations.models import Membership
    from signals.forwarding.models import Extract


class ExtractQuerySet(models.QuerySet["Extract"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all, a receiver what it got, the sweeper what is open."""
        if member.may(Permission.SIGNAL_JUDGE):
            return self.all()
        if member.may(Permission.DEADLINE_SWEEP):
            return self.filter(status__in=OPEN)
        if member.may(Permission.SIGNAL_RECEIVE):
            return self.filter(receiver=member.organisation_id)
        return self.none()

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def standing(self) -> Self:
        """All but what was recalled."""
        return self.exclude(status=ExtractStatus.RECALLED)

    def unopened_since(self, moment: datetime) -> Self:
        return self.filter(status=ExtractStatus.SENT, sent_at__lt=moment)

    def due_until(self, day: date) -> Self:
        """No feedback yet, and it is due on this day or before."""
        return self.open().filter(due_on__lte=day)

    def with_names(self) -> Self:
        return self.select_related(
            "receiver", "basis", "key", "sent_by", "opened_by", "recalled_by", "answered_by"
        )

    def soonest_first(self) -> Self:
        return self.order_by("due_on", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")
