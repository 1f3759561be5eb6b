"""How sure a version of terms is, and who gave it. The terms stand in the rooms that they are of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.cases.models import HandoffTerm
from referral.cases.planning.models import PlanningTerm
from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.residence.models import TermLength
from referral.retention.models import Certainty
from referral.terms.querysets import ConfirmationQuerySet
from shelters.models import ShelterTerm

#: The tables that versions of terms stand in.
Version = PlanningTerm | HandoffTerm | ShelterTerm | TermLength


class Confirmation(models.Model):
    """How sure a version of terms is, and who gave it (bevestiging van een termijn).

    What Baken brought along has none. Lengths of residence say themselves how sure they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    planning = models.OneToOneField(PlanningTerm, models.PROTECT, null=True, related_name="+")
    handover = models.OneToOneField(HandoffTerm, models.PROTECT, null=True, related_name="+")
    shelter = models.OneToOneField(ShelterTerm, models.PROTECT, null=True, related_name="+")
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ConfirmationQuerySet] = ConfirmationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="confirmation_is_of_one_version",
                condition=Q(planning__isnull=False, handover=None, shelter=None)
                | Q(planning=None, handover__isnull=False, shelter=None)
                | Q(planning=None, handover=None, shelter__isnull=False),
            ),
            models.CheckConstraint(
                name="confirmation_certainty_is_known", condition=Q(certainty__in=Certainty.values)
            ),
        ]

    def __str__(self) -> str:
        return self.certainty
