"""Reads of consents. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from referral.organisations.permissions import Permission
from referral.persons.querysets import opens_to
from referral.sharing.workflow import State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from referral.organisations.models import Membership
    from referral.persons.models import Person
    from referral.sharing.models import ClosedShare, Consent, OtherBasis


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
        if member.may(Permission.DEADLINE_SWEEP):
            condition |= Q(state__in=(State.GIVEN, State.EXPIRED))
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

    def ending_before(self, moment: datetime) -> Self:
        """Given, and over before this moment."""
        return self.given().filter(valid__endswith__lte=moment)


class OtherBasisQuerySet(models.QuerySet["OtherBasis"]):
    def visible_to(self, member: Membership) -> Self:
        """The privacy officer all; the care side those of whom it knows.

        The policy of migration 0002 says the same.
        """
        if member.may(Permission.OVERRIDE_REVIEW):
            return self.all()
        if member.may(Permission.CONSENT_ASK):
            return self.filter(opens_to(member, "person"))
        return self.none()

    def about(self, *persons: Person | UUID) -> Self:
        return self.filter(person__in=persons)

    def for_purpose(self, purpose: str) -> Self:
        return self.filter(purpose=purpose)

    def standing(self) -> Self:
        """Not ended by anybody; when its term is over, holds_at tells."""
        return self.filter(ended_at=None)

    def to_review_first(self) -> Self:
        return self.order_by(F("reviewed_at").asc(nulls_first=True), "-overrides", "-recorded_at")

    def with_names(self) -> Self:
        return self.select_related("organisation", "recipient", "recorded_by", "reviewed_by")


class ClosedShareQuerySet(models.QuerySet["ClosedShare"]):
    def visible_to(self, member: Membership) -> Self:
        """Who sent it, who received it, and whoever sees what it rested on."""
        own = Q(sender=member.organisation_id) | Q(recipient=member.organisation_id)
        if not member.may(Permission.REFERRAL_SEND) and not member.may(Permission.REFERRAL_RECEIVE):
            own = Q(pk__in=[])
        for field in ("consent", "other_basis"):
            related = self.model._meta.get_field(field).related_model
            seen = related._default_manager.visible_to(member)  # type: ignore[union-attr]
            own |= Q(**{f"{field}__in": seen.values("pk")})
        return self.filter(own)

    def with_names(self) -> Self:
        return self.select_related("sender", "recipient")
