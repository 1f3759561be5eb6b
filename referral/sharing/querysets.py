"""Reads of consents. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from referral.persons.querysets import opens_to
from referral.sharing.workflow import State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.persons.models import Person
    from referral.sharing.models import Consent


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk and its placement desk all; the care side those of whom it knows;
        who registers a person, the consent recorded with it.
        """
        if member.may(Permission.REGISTRATION_READ_ALL) or (
            member.may(Permission.CONSENT_READ) and member.may(Permission.PLACEMENT_READ_ALL)
        ):
            return self.all()
        condition = Q(pk__in=[])
        if member.may(Permission.CONSENT_READ):
            condition |= opens_to(member, "person")
        if member.may(Permission.REGISTRATION_READ_OWN):
            condition |= Q(organisation=member.organisation_id, asked_by=member.user_id)
        return self.filter(condition)

    def about(self, *persons: Person | UUID) -> Self:
        return self.filter(person__in=persons)

    def given(self) -> Self:
        """Given, and not taken back; when they end, holds_at tells."""
        return self.filter(state=State.GIVEN)

    def in_force(self, at: datetime) -> Self:
        """Given, and neither withdrawn nor past its end."""
        return self.given().filter(valid__contains=at)

    def for_purpose(self, purpose: str) -> Self:
        return self.filter(purpose=purpose)

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")

    def with_names(self) -> Self:
        return self.select_related("recipient", "organisation", "asked_by")
