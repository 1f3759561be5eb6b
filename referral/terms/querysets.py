"""Reads of confirmations. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.terms.models import Confirmation


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, member: Membership) -> Self:
        """Who keeps the terms: a confirmation names a colleague."""
        return self.all() if member.may(Permission.TERMS_KEEP) else self.none()

    def with_names(self) -> Self:
        return self.select_related("given_by")
