"""Reads of the rules of counting: public, about nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from datetime import date

    from referral.registrations.counting.models import CountingRules


class CountingRulesQuerySet(models.QuerySet["CountingRules"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)
