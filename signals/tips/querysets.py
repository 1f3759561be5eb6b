"""Reads of tips: by the service that keeps them, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from signals.tips.models import Tip


class TipQuerySet(models.QuerySet["Tip"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if member.may(Permission.TIP_KEEP) else self.none()
