"""Reads of the chain. The policies of migration 0001 say the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission
from referral.registrations.corrections.workflow import COUNTED, Status

if TYPE_CHECKING:
    from referral.organisations.models import Membership
    from referral.registrations.corrections.models import Version
    from referral.registrations.models import Registration


class RegistrationVersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, member: Membership) -> Self:
        """The national desk all, who submitted the registration its own chain."""
        if member.may(Permission.REGISTRATION_READ_ALL):
            return self.all()
        if not member.may(Permission.REGISTRATION_READ_OWN):
            return self.none()
        return self.filter(
            registration__organisation=member.organisation_id,
            registration__submitted_by=member.user_id,
        )

    def of(self, registration: Registration) -> Self:
        """The chain of one registration, from its beginning."""
        return self.filter(registration=registration).order_by("number")

    def counted(self) -> Self:
        """What stands, or once stood."""
        return self.filter(status__in=COUNTED)

    def waiting(self) -> Self:
        return self.filter(status=Status.PROPOSED)

    def oldest_first(self) -> Self:
        return self.order_by("made_at", "pk")

    def with_names(self) -> Self:
        return self.select_related(
            "registration__person__key",
            "registration__organisation",
            "place_municipality",
            "corrects__place_municipality",
            "made_by",
            "organisation",
            "decided_by",
        )
