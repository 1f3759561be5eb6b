from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from referral.organisations.models import Membership, Organisation
    from referral.organisations.roles import OrganisationType, Role


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of_type(self, kind: OrganisationType) -> Self:
        return self.filter(type=kind, closed_at=None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_at(self, moment: datetime) -> Self:
        return self.filter(
            valid__contains=moment, user__is_active=True, organisation__closed_at=None
        )

    def holding(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)

    def with_names(self) -> Self:
        """Everything that a page header shows, in one query."""
        return self.select_related("user", "organisation")
