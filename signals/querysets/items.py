"""Reads of what a signal names, and of what its reporter's side did after sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from signals.querysets.signal import readable_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from referral.organisations.models import Membership
    from signals.models import Amendment, Item, ItemKey, Offshoot, Signal, Withdrawal


def with_signal(model: type[models.Model], member: Membership) -> Q:
    """What is read by whoever reads the words of its signal; never by services."""
    signals: Any = model._meta.get_field("signal").related_model
    return Q(signal__in=signals._default_manager.filter(readable_by(member)))


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        return self.filter(with_signal(self.model, member))

    def of(self, signal: Signal) -> Self:
        return self.filter(signal=signal)

    def current(self) -> Self:
        """Without what an amendment took away."""
        return self.filter(left_in=None)

    def in_order(self) -> Self:
        return self.order_by("kind", "came_in", "position")


class ItemKeyQuerySet(models.QuerySet["ItemKey"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all; others with the signal itself, so that of what another named
        nothing is seen; never the statistics service. The policy of `links` 0001 says the same.
        """
        if member.may(Permission.SIGNAL_JUDGE):
            return self.all()
        if member.may(Permission.TRUE_COUNTS):
            return self.none()
        signals: Any = self.model._meta.get_field("signal").related_model
        return self.filter(signal__in=signals.objects.visible_to(member))

    def of(self, signals: Iterable[Signal | UUID]) -> Self:
        return self.filter(signal__in=list(signals))

    def equal_to(self, signal: Signal | UUID) -> Self:
        """Keys of other signals that are equal to one of this signal's; each kind is hashed
        with a key of its own, so that equal hashes are of one kind.
        """
        own = self.filter(signal=signal).values("hmac")
        return self.exclude(signal=signal).filter(hmac__in=own)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        return self.filter(with_signal(self.model, member))

    def of(self, signal: Signal) -> Self:
        """Of this signal, in the order in which they were written."""
        return self.filter(signal=signal).select_related("added_by").order_by("number")


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        return self.filter(with_signal(self.model, member))


class OffshootQuerySet(models.QuerySet["Offshoot"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; never for the statistics service."""
        return self.filter(with_signal(self.model, member))

    def family_of(self, signal: Signal) -> Self:
        """All that were split off the same signal as this one, or off this one."""
        own = self.filter(signal=signal).values("origin")
        family = self.filter(Q(origin=signal) | Q(origin__in=own))
        return family.select_related("signal", "origin").order_by("signal__reference")
