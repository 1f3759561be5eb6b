"""Reads of reminders and terms. The policies of migration 0001 say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.registrations.duty.models import Reminder, Term


class TermQuerySet(models.QuerySet["Term"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: it says how long an officer has, and nothing of anyone."""
        return self.all()

    def in_force(self) -> Self:
        return self.filter(valid__upper_inf=True)

    def newest_first(self) -> Self:
        return self.order_by("-version")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, member: Membership) -> Self:
        """The officer's organisation, so that a colleague can do it; the sweeper, which reminds."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        if not member.may(Permission.SIGNAL_READ_ORGANISATION):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def open(self) -> Self:
        """Neither explained nor registered since: a registration closes it by being there."""
        links = apps.get_model("registrations.SignalLink")._default_manager.all()
        return self.filter(explained_at=None).exclude(
            Exists(links.filter(signal=OuterRef("signal_id")))
        )

    def oldest_first(self) -> Self:
        return self.select_related("signal", "officer").order_by("told_at", "pk")
