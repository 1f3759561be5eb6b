"""Reads of links. The policy of migration 0001 says the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission
from referral.registrations.duplicates.workflow import Status

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.registrations.duplicates.models import DuplicateLink
    from referral.registrations.models import Registration


class DuplicateLinkQuerySet(models.QuerySet["DuplicateLink"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk, and the statistics service, which counts. To a reporter a link would
        tell that somebody else reported the same person.
        """
        if member.may(Permission.REGISTRATION_READ_ALL) or member.may(Permission.TRUE_COUNTS):
            return self.all()
        return self.none()

    def standing(self) -> Self:
        return self.filter(status=Status.LINKED)

    def of(self, registration: Registration) -> Self:
        """To which earlier one it is, or once was, linked."""
        return self.filter(registration=registration)

    def to(self, registration: Registration) -> Self:
        """Which later ones are, or once were, linked to it."""
        return self.filter(earlier=registration)

    def with_names(self) -> Self:
        return self.select_related(
            "registration__person__key", "earlier", "linked_by", "undone_by"
        ).order_by("-linked_at", "-pk")
