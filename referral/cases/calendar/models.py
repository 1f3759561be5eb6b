"""The secret address at which a member's calendar programme fetches the days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from referral.cases.calendar.querysets import FeedQuerySet
from referral.lib.ids import uuid7
from referral.organisations.models import Membership


class Feed(models.Model):
    """That a member has an address for the own days; of it only the hash is kept (agenda-adres).

    A new address takes the place of the one before, and an ended one leaves no row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    #: When a programme last asked; so that a member sees that somebody still does.
    fetched_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[FeedQuerySet] = FeedQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"Calendar of {self.membership_id}"
