"""Reads of the capacity of regions. The policy of migration 0001 says the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.cases.regions.models import Capacity
    from referral.organisations.models import Membership


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk, which sees every case as a row too."""
        return self.all() if member.may(Permission.CASE_READ_HEADER) else self.none()

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)

    def newest_first(self) -> Self:
        return self.select_related("set_by").order_by("-valid", "-pk")
