"""Reads of the legal rules. The law is everybody's, so there is no `visible_to` to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.sharing.matrix.models import LegalRule


class LegalRuleQuerySet(models.QuerySet["LegalRule"]):
    def visible_to(self, member: Membership | None) -> Self:  # noqa: ARG002
        """Everybody, also without an account: it is the law, and about nobody."""
        return self.all()

    def in_force(self) -> Self:
        """In the order in which they are asked: the first that fits decides."""
        return self.filter(valid__upper_inf=True).order_by("place")

    def of_code(self, code: str) -> Self:
        """Every version of one rule, the newest first."""
        return self.filter(code=code).order_by("-version")
