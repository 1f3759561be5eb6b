from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.persons.models import AgeGroup, Sex
from referral.sharing.models import LegalBasis
from shelters.models.codes import EndReason, NeedCode, RefusalReason, Urgency
from shelters.models.shelter import Bed, Shelter
from shelters.querysets import PlacementQuerySet, PlacementRequestQuerySet
from shelters.workflow import (
    HOLDING,
    OPEN_REQUEST,
    UNANSWERED,
    PlacementStatus,
    RequestStatus,
)


class PlacementRequest(models.Model):
    """A coordinator asks a place for the person of a case (opvangverzoek)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="shelter_requests")
    person = models.ForeignKey("persons.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup)
    needs = ArrayField(
        models.CharField(max_length=16, choices=NeedCode),
        verbose_name=_("the place must offer"),
        default=list,
        blank=True,
    )
    avoid_region = models.ForeignKey(
        "geography.SafetyRegion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("not in region"),
    )
    legal_basis = models.CharField(_("legal basis"), max_length=24)
    citation = models.CharField(max_length=200)
    status = models.CharField(
        _("status"), max_length=10, choices=RequestStatus, default=RequestStatus.SUBMITTED
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[PlacementRequestQuerySet] = PlacementRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request for shelter")
        constraints = [
            models.CheckConstraint(
                name="placement_request_reference_is_plr_year_number",
                condition=Q(reference__regex=r"^PLR-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(
                name="placement_request_status_is_known",
                condition=Q(status__in=RequestStatus.values),
            ),
            models.CheckConstraint(
                name="placement_request_urgency_is_known",
                condition=Q(urgency__in=Urgency.values),
            ),
            models.CheckConstraint(
                name="placement_request_needs_are_known",
                condition=Q(needs__contained_by=NeedCode.values),
            ),
            models.CheckConstraint(
                name="placement_request_names_its_legal_basis", condition=~Q(legal_basis="")
            ),
            models.CheckConstraint(
                name="cancelled_request_has_time_and_name",
                condition=Q(
                    status=RequestStatus.CANCELLED,
                    cancelled_at__isnull=False,
                    cancelled_by__isnull=False,
                )
                | Q(~Q(status=RequestStatus.CANCELLED), cancelled_at=None, cancelled_by=None),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=OPEN_REQUEST),
                name="case_has_one_open_shelter_request",
            ),
        ]
        indexes = [
            models.Index(
                fields=["urgency", "requested_at"],
                name="request_by_urgency_and_age",
                condition=Q(status__in=OPEN_REQUEST),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("shelters:request", args=[self.pk])

    @property
    def need_labels(self) -> list[str]:
        return [str(NeedCode(need).label) for need in self.needs]

    @property
    def basis_label(self) -> str:
        return str(LegalBasis(self.legal_basis).label)


class Placement(models.Model):
    """One person in one bed for a time (plaatsing).

    `during` is half-open: who leaves and who comes may do so at one moment. While the end is
    unknown it has none, and nobody else can have the bed.

    A placement that `follows` another is the next bed of somebody who still has this one. Until
    the arrival it holds its bed and not the person; with the arrival the database ends the other
    at that moment, so that the move is one deed (overplaatsing).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(PlacementRequest, models.PROTECT, related_name="placements")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="placements")
    person = models.ForeignKey("persons.Person", models.PROTECT, related_name="+")
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="placements")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="placements")
    during = DateTimeRangeField(_("during"))
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=PlacementStatus, default=PlacementStatus.RESERVED
    )
    reserved_at = models.DateTimeField()
    reserved_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    reserved_until = models.DateTimeField(_("answer before"))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal_reason = models.CharField(
        _("reason of refusal"), max_length=18, choices=RefusalReason, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(
        _("reason of departure"), max_length=16, choices=EndReason, blank=True
    )

    objects: ClassVar[PlacementQuerySet] = PlacementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("placement")
        constraints = [
            models.CheckConstraint(
                name="placement_status_is_known", condition=Q(status__in=PlacementStatus.values)
            ),
            ExclusionConstraint(
                name="bed_is_not_placed_twice",
                expressions=[("bed", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(status__in=HOLDING),
            ),
            ExclusionConstraint(
                name="person_is_not_placed_twice",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=HOLDING) & (Q(follows=None) | Q(arrived_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(
                    status__in=(PlacementStatus.RESERVED, PlacementStatus.ACCEPTED),
                    follows__isnull=False,
                ),
                name="person_moves_to_one_place_at_a_time",
            ),
            models.CheckConstraint(
                name="placement_has_a_beginning",
                condition=Q(during__isempty=False, during__lower_inf=False),
            ),
            models.CheckConstraint(
                name="placement_answer_has_time_and_name",
                condition=Q(
                    status__in=UNANSWERED,
                    answered_at=None,
                    answered_by=None,
                )
                | Q(
                    ~Q(status__in=UNANSWERED),
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="reservation_is_answered_in_time",
                condition=Q(answered_at=None) | Q(answered_at__lt=F("reserved_until")),
            ),
            models.CheckConstraint(
                name="refused_placement_says_why",
                condition=Q(status=PlacementStatus.REFUSED, refusal_reason__in=RefusalReason.values)
                | Q(~Q(status=PlacementStatus.REFUSED), refusal_reason=""),
            ),
            models.CheckConstraint(
                name="withdrawn_placement_has_time_and_name",
                condition=Q(
                    status=PlacementStatus.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                | Q(~Q(status=PlacementStatus.WITHDRAWN), withdrawn_at=None, withdrawn_by=None),
            ),
            models.CheckConstraint(
                name="arrival_has_time_and_name",
                condition=Q(arrived_at=None, arrived_by=None) & ~Q(status=PlacementStatus.ARRIVED)
                | Q(
                    status__in=(PlacementStatus.ARRIVED, PlacementStatus.ENDED),
                    arrived_at__isnull=False,
                    arrived_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="ended_placement_has_time_name_and_reason",
                condition=Q(
                    status=PlacementStatus.ENDED,
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    end_reason__in=EndReason.values,
                    during__upper_inf=False,
                )
                | Q(
                    ~Q(status=PlacementStatus.ENDED),
                    ended_at=None,
                    ended_by=None,
                    end_reason="",
                ),
            ),
            models.CheckConstraint(
                name="who_arrived_without_end_holds_the_bed_without_end",
                condition=~Q(status__in=(PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED))
                | Q(during__upper_inf=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["shelter", "status"],
                name="placement_held_by_shelter",
                condition=Q(status__in=("reserved", "accepted", "arrived")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} in {self.bed_id}"

    def get_absolute_url(self) -> str:
        return reverse("shelters:placement", args=[self.pk])
