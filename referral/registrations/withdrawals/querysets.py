"""Reads of requests. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission
from referral.registrations.withdrawals.workflow import Status

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.registrations.models import Registration
    from referral.registrations.withdrawals.models import WithdrawalRequest


class WithdrawalRequestQuerySet(models.QuerySet["WithdrawalRequest"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk all, who submitted the registration those about it."""
        if member.may(Permission.REGISTRATION_READ_ALL):
            return self.all()
        if not member.may(Permission.REGISTRATION_READ_OWN):
            return self.none()
        return self.filter(
            registration__organisation=member.organisation_id,
            registration__submitted_by=member.user_id,
        )

    def of(self, registration: Registration) -> Self:
        return self.filter(registration=registration)

    def waiting(self) -> Self:
        return self.filter(status=Status.ASKED)

    def oldest_first(self) -> Self:
        return self.order_by("asked_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")

    def with_names(self) -> Self:
        return self.select_related(
            "registration__person__key", "registration__organisation", "asked_by", "decided_by"
        )
