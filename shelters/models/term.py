from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelters.querysets import ShelterTermQuerySet


class ShelterTerm(models.Model):
    """One version of the terms of shelter (termijnen van de opvang).

    The first version: four hours to answer and sixty days to a long stay are defaults of the
    domain model (2.3); ninety days is what categorical shelter is meant for (source F18). That an
    end is told two weeks ahead, and an emergency written down within a week, is our own choice.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    answer_hours = models.PositiveSmallIntegerField(_("hours to answer a reservation"))
    first_days = models.PositiveSmallIntegerField(_("days that are agreed first"))
    long_days = models.PositiveSmallIntegerField(_("days until a stay is long"))
    near_days = models.PositiveSmallIntegerField(_("days ahead that an end is told"))
    record_days = models.PositiveSmallIntegerField(_("days to write down an emergency"))
    source = models.CharField(_("source"), max_length=200)
    valid = DateTimeRangeField()

    objects: ClassVar[ShelterTermQuerySet] = ShelterTermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shelter_terms_last_some_time_and_say_why",
                condition=Q(
                    answer_hours__gt=0,
                    first_days__gt=0,
                    long_days__gt=0,
                    near_days__gt=0,
                    record_days__gt=0,
                    valid__isempty=False,
                )
                & ~Q(source=""),
            ),
            ExclusionConstraint(
                name="shelter_terms_have_one_version_in_force",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
