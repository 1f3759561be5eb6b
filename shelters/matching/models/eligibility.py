from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.geography.models import HAS_A_FIRST_DAY
from referral.organisations.models import User
from shelters.matching.models.codes import Answer, Demand, Nationality, OverrideReason, Stay
from shelters.matching.querysets import (
    EligibilityRuleQuerySet,
    NeedProfileQuerySet,
    OverrideQuerySet,
)
from shelters.models import Placement, PlacementRequest

MOST_CHILDREN = 12


class EligibilityRule(models.Model):
    """What a type of shelter asks, on which days, and which text says so (toelatingsregel).

    The type is a code of shelters.lists. A rule that ends stays; it warns, and never refuses by itself.
    """

    shelter_type = models.CharField(_("type of shelter"), max_length=8)
    demand = models.CharField(_("only for people"), max_length=12, choices=Demand)
    citation = models.CharField(_("source"), max_length=300)
    valid = DateRangeField(_("holds from and until"))

    objects: ClassVar[EligibilityRuleQuerySet] = EligibilityRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("eligibility rule")
        constraints = [
            models.CheckConstraint(
                name="eligibility_rule_asks_what_is_known",
                condition=Q(demand__in=Demand.values),
            ),
            models.CheckConstraint(
                name="eligibility_rule_names_its_source", condition=~Q(citation="")
            ),
            models.CheckConstraint(
                name="eligibility_rule_has_a_first_day", condition=HAS_A_FIRST_DAY
            ),
            ExclusionConstraint(
                name="eligibility_rule_holds_once_at_a_time",
                expressions=[
                    ("shelter_type", RangeOperators.EQUAL),
                    ("demand", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelter_type} {self.demand}"


class NeedProfile(models.Model):
    """What a request asks besides, so that a place is safe and allowed (plaatsingsvraag)."""

    request = models.OneToOneField(
        PlacementRequest, models.PROTECT, primary_key=True, related_name="profile"
    )
    nationality = models.CharField(
        _("nationality"), max_length=8, choices=Nationality, default=Nationality.UNKNOWN
    )
    stay = models.CharField(_("residence"), max_length=10, choices=Stay, default=Stay.UNKNOWN)
    labour = models.CharField(
        _("victim of labour exploitation"), max_length=8, choices=Answer, default=Answer.UNKNOWN
    )
    children = models.PositiveSmallIntegerField(_("how many children"), default=0)
    pets = models.BooleanField(_("a pet comes along"), default=False)
    #: What the person speaks best, as a code of three letters.
    language = models.CharField(_("language"), max_length=3, blank=True, default="")
    #: Codes of safety regions, beside the one in the request itself.
    avoid_regions = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    #: Keys of the cases of people who must not live in the same house.
    apart = ArrayField(models.UUIDField(), default=list, blank=True)

    objects: ClassVar[NeedProfileQuerySet] = NeedProfileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="need_profile_says_what_is_known",
                condition=Q(
                    nationality__in=Nationality.values,
                    stay__in=Stay.values,
                    labour__in=Answer.values,
                ),
            ),
            models.CheckConstraint(
                name="need_profile_brings_a_dozen_children_at_most",
                condition=Q(children__lte=MOST_CHILDREN),
            ),
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class Override(models.Model):
    """A place was taken in spite of warnings: which, and why (afwijking)."""

    placement = models.OneToOneField(
        Placement, models.PROTECT, primary_key=True, related_name="override"
    )
    warnings = ArrayField(models.CharField(max_length=24))
    reason = models.CharField(_("reason"), max_length=10, choices=OverrideReason)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[OverrideQuerySet] = OverrideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="override_says_why_and_of_what",
                condition=Q(reason__in=OverrideReason.values) & ~Q(warnings=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
