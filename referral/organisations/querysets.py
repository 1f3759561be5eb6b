from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import MATRIX

if TYPE_CHECKING:
    from datetime import datetime

    from referral.organisations.models import Membership, Organisation
    from referral.organisations.permissions import Permission
    from referral.organisations.roles import OrganisationType, Role


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of_type(self, kind: OrganisationType) -> Self:
        return self.filter(type=kind, closed_at=None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_at(self, moment: datetime) -> Self:
        return self.filter(
            valid__contains=moment, user__is_active=True, organisation__closed_at=None
        )

    def running_of(self, user_id: int, moment: datetime) -> Self:
        """Those by which a person may act, in the order in which they were given."""
        return self.with_names().valid_at(moment).filter(user=user_id).order_by("pk")

    def holding(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)

    def working_beside(self, member: Membership, permission: Permission, moment: datetime) -> Self:
        """Who may do this in the member's organisation now."""
        roles = [role for role, held in MATRIX.items() if permission in held]
        return self.valid_at(moment).filter(organisation=member.organisation_id, role__in=roles)

    def with_names(self) -> Self:
        """Everything that a page header shows, in one query."""
        return self.select_related("user", "organisation")
