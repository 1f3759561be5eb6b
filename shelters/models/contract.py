from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelters.models.shelter import Shelter
from shelters.querysets import ContractQuerySet

#: More is a typing error.
MOST_PLACES = 2000


class Contract(models.Model):
    """How many places a funder pays in a shelter, from day to day (contractcapaciteit).

    Published numbers of places differ per source and per year; so they are rows with validity,
    and no number stands in the code. The funder is a code of shelters.lists; a trigger knows it.
    """

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="contracts")
    funding = models.CharField(_("paid by"), max_length=8)
    places = models.PositiveSmallIntegerField(_("places"))
    valid = DateRangeField(_("holds from and until"))
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")

    objects: ClassVar[ContractQuerySet] = ContractQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contract_has_a_possible_number_of_places",
                condition=Q(places__lte=MOST_PLACES),
            ),
            models.CheckConstraint(
                name="contract_has_a_first_day",
                condition=Q(valid__isempty=False, valid__lower_inf=False),
            ),
            ExclusionConstraint(
                name="funder_has_one_contract_at_a_time",
                expressions=[
                    ("shelter", RangeOperators.EQUAL),
                    ("funding", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funding}: {self.places}"
