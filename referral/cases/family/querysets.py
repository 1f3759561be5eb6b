"""Reads of family links. The policy of migration 0001 says the same: change both together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from referral.cases.querysets import FULL
from referral.organisations.permissions import Permission
from referral.persons.models import Person

if TYPE_CHECKING:
    from referral.cases.family.models import FamilyLink
    from referral.cases.models import Case
    from referral.organisations.models import Membership


class FamilyLinkQuerySet(models.QuerySet["FamilyLink"]):
    def visible_to(self, member: Membership) -> Self:
        """Who holds the full file, and may see the other person too: otherwise there is no link."""
        if not member.may(Permission.CARE_NOTE_READ):
            return self.none()
        grants = apps.get_model("cases.CaseGrant")._default_manager.all()
        held = grants.opening_to(member).filter(profile=FULL)
        known = Person.objects.visible_to(member)
        return self.filter(
            Q(relative=None) | Q(relative__in=known.values("pk")), case__in=held.values("case")
        )

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def around(self, case: Case) -> Self:
        """From this case to others, and from the cases of others to the person of this one."""
        return self.filter(Q(case=case) | Q(relative=case.person_id))

    def with_names(self) -> Self:
        """Everything that a line shows, in one query."""
        return self.select_related("case__person", "relative", "linked_by").order_by("linked_at")
