"""Reads of what a coordinator sets: mappings of files and service levels, in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from referral.organisations.models import Membership
    from signals.models import LayoutMapping, ServiceLevels


class LayoutMappingQuerySet(models.QuerySet["LayoutMapping"]):
    def visible_to(self, member: Membership) -> Self:
        """Who imports."""
        return self.all() if member.may(Permission.SIGNAL_IMPORT) else self.none()

    def in_force_at(self, moment: datetime) -> Self:
        return self.filter(valid__contains=moment)

    def newest_first(self) -> Self:
        return self.order_by("code", "-version")


class ServiceLevelsQuerySet(models.QuerySet["ServiceLevels"]):
    def visible_to(self, member: Membership) -> Self:
        """Who reports, who triages, and the sweeper, which keeps the terms."""
        reads = (Permission.SIGNAL_SUBMIT, Permission.SIGNAL_TRIAGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, reads)) else self.none()

    def in_order(self) -> Self:
        return self.order_by("version")
