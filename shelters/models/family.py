from __future__ import annotations

from typing import ClassVar

from django.db import models

from shelters.models.placement import Placement
from shelters.querysets import FamilyStayQuerySet


class FamilyStay(models.Model):
    """A placement as a part of the stay of a family: each person has their own (gezinsplaatsing).

    Their beds are reserved together, and the shelter answers for all of them at once.
    """

    placement = models.OneToOneField(
        Placement, models.PROTECT, primary_key=True, related_name="family_stay"
    )
    family = models.UUIDField(db_index=True)

    objects: ClassVar[FamilyStayQuerySet] = FamilyStayQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.placement_id} of {self.family}"
