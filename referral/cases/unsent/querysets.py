"""Reads of forms that were not sent. The policy of migration 0001 says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models

from referral.cases.querysets import FULL
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from referral.cases.unsent.models import UnsentForm
    from referral.organisations.models import Membership


#: From this level of a grant on somebody writes in the case (cases.Level).
WORK = 2


class UnsentFormQuerySet(models.QuerySet["UnsentForm"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own, while one may still write in the case; nobody else's, whatever the role."""
        if not member.may(Permission.CASE_WORK):
            return self.none()
        grants = apps.get_model("cases.CaseGrant")._default_manager.all()
        works = grants.opening_to(member).filter(profile=FULL, level__gte=WORK).values("case")
        return self.filter(
            kept_by=member.user_id,
            organisation=member.organisation_id,
            case__in=works,
            case__status=CaseStatus.ACTIVE,
        )

    def named(self) -> models.QuerySet[UnsentForm, Any]:
        """Which form of which case, and nothing that was typed in it."""
        return self.values("kind", "about", "kept_at", reference=models.F("case__reference"))

    def newest_first(self) -> Self:
        return self.order_by("-kept_at", "pk")
