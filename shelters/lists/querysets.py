"""Reads of the lists. Every read starts with visible_to(); the policy of 0001 says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from shelters.lists.models import ListedCode


class ListedCodeQuerySet(models.QuerySet["ListedCode"]):
    def visible_to(self, member: Membership) -> Self:
        """Who reads of shelters; a list is about nobody."""
        return self.all() if member.may(Permission.SHELTER_READ) else self.none()

    def in_order(self) -> Self:
        """As they were added: the order in which they are offered."""
        return self.order_by("pk")
