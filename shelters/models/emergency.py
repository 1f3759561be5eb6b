from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.sharing.models import LegalBasis
from shelters.models.placement import Placement
from shelters.querysets import EmergencyPlacementQuerySet


class EmergencyPlacement(models.Model):
    """A placement that the police made outside office hours, written down afterwards (met spoed).

    Outside office hours the police may place somebody in a regional emergency bed and tell the
    national desk, which then judges the place (Vc 2000 B8/3; domain model 2.3, source F14).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="emergency")
    placed_by = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    legal_basis = models.CharField(_("legal basis"), max_length=24, choices=LegalBasis)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")

    objects: ClassVar[EmergencyPlacementQuerySet] = EmergencyPlacementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("emergency placement")
        constraints = [
            models.CheckConstraint(
                name="emergency_placement_names_a_known_basis",
                condition=Q(legal_basis__in=LegalBasis.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} in an emergency"
