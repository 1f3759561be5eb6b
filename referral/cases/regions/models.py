"""How a care region is covered on which days; who coordinates there stands in organisations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.cases.regions.querysets import CapacityQuerySet
from referral.geography.models import HAS_A_FIRST_DAY, CareRegion
from referral.organisations.models import User

MOST_FTE = 100


class Coverage(models.TextChoices):
    """Who coordinates care in a region (dekking van een zorgregio)."""

    OWN = "own", _("Its own coordinator")
    SHARED = "shared", _("Shared with another region")
    REMOTE = "remote", _("By the national desk, at a distance")


class AgeSplit(models.TextChoices):
    """Whether coordinators divide the work by age (leeftijdsverdeling); Gelderland does at 23."""

    NONE = "none", _("One coordinator for all ages")
    AT_18 = "at_18", _("Below 18, and 18 or older")
    AT_23 = "at_23", _("Below 23, and 23 or older")


class Capacity(models.Model):
    """How a care region is covered, and with how much, for these days (capaciteit)."""

    care_region = models.ForeignKey(CareRegion, models.PROTECT, related_name="capacities")
    coverage = models.CharField(_("coverage"), max_length=8, choices=Coverage)
    #: Of coordinators, in full-time equivalents.
    fte = models.DecimalField(_("fte"), max_digits=4, decimal_places=1)
    age_split = models.CharField(_("division by age"), max_length=8, choices=AgeSplit)
    valid = DateRangeField(_("holds from and until"))
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[CapacityQuerySet] = CapacityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="capacity_is_of_a_known_kind",
                condition=Q(coverage__in=Coverage.values, age_split__in=AgeSplit.values),
            ),
            models.CheckConstraint(name="capacity_has_a_first_day", condition=HAS_A_FIRST_DAY),
            models.CheckConstraint(
                name="capacity_at_a_distance_has_no_fte_of_the_region",
                condition=Q(coverage=Coverage.REMOTE, fte=0)
                | Q(~Q(coverage=Coverage.REMOTE), fte__gt=0, fte__lte=MOST_FTE),
            ),
            ExclusionConstraint(
                name="care_region_has_one_capacity_at_a_time",
                expressions=[
                    ("care_region", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.care_region_id} {self.coverage}"
