"""A change of beds, and its two sides: who leaves which bed, and who comes there instead."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.models import AgeGroup, Sex
from shelters.models import NeedCode, Placement
from shelters.swaps.querysets import SwapQuerySet, SwapSideQuerySet
from shelters.swaps.workflow import OPEN_SWAP, SwapStatus


class Swap(models.Model):
    """Two who stay somewhere take each other's bed, at one moment (ruil van bedden).

    When it is done the database ends both placements and begins both new ones: see
    `swap_is_one_deed`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=SwapStatus, default=SwapStatus.PROPOSED
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[SwapQuerySet] = SwapQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("change of beds")
        constraints = [
            models.CheckConstraint(
                name="swap_status_is_known", condition=Q(status__in=SwapStatus.values)
            ),
            models.CheckConstraint(
                name="swap_that_is_decided_has_time_and_name",
                condition=Q(status__in=OPEN_SWAP, closed_at=None, closed_by=None)
                | Q(~Q(status__in=OPEN_SWAP), closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """A name that says nothing of the persons."""
        return str(_("Change of beds"))

    def get_absolute_url(self) -> str:
        return reverse("shelters:swaps:swap", args=[self.pk])


class SwapSide(models.Model):
    """One of the two: who leaves, and what the shelter must know of who comes (kant van de ruil).

    A shelter sees its own side alone. Codes of who comes are copied from the request, as a
    shelter sees of an offer: the request itself is not shown to it until the person is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    swap = models.ForeignKey(Swap, models.PROTECT, related_name="sides")
    number = models.PositiveSmallIntegerField()
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="swap_sides")
    house = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sex = models.CharField(_("sex"), max_length=8, choices=Sex)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup)
    needs = ArrayField(
        models.CharField(max_length=16, choices=NeedCode),
        verbose_name=_("the place must offer"),
        default=list,
        blank=True,
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: Until the change of beds is decided; the database sets it.
    standing = models.BooleanField(default=True)

    objects: ClassVar[SwapSideQuerySet] = SwapSideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("side of a change of beds")
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(standing=True),
                name="placement_is_in_one_swap_at_a_time",
            ),
            models.UniqueConstraint(fields=["swap", "number"], name="swap_has_each_side_once"),
            models.CheckConstraint(name="swap_has_two_sides", condition=Q(number__in=(1, 2))),
            models.CheckConstraint(
                name="answer_to_a_swap_has_time_and_name",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="swap_needs_are_known",
                condition=Q(needs__contained_by=NeedCode.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.swap_id}"

    @property
    def need_labels(self) -> list[str]:
        return [str(NeedCode(need).label) for need in self.needs]
