from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.lib import countries
from referral.lib.ids import uuid7
from shelters.models.codes import BedKind, SecurityLevel, Sexes
from shelters.querysets import AddressQuerySet, BedQuerySet, OutageQuerySet, ShelterQuerySet


class Shelter(models.Model):
    """A house where people can stay (opvangvoorziening), known by its code name.

    Where it stands is in ShelterAddress, and nowhere else: the region is all that shows. Its type,
    groups and expertise are codes of shelters.lists; a trigger knows them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="shelters"
    )
    code_name = models.CharField(_("code name"), max_length=60, unique=True)
    type = models.CharField(_("type"), max_length=8)
    sexes = models.CharField(_("for"), max_length=6, choices=Sexes, default=Sexes.ALL)
    min_age = models.PositiveSmallIntegerField(_("from age"), default=18)
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    children = models.BooleanField(_("children may come along"), default=False)
    pets = models.BooleanField(_("pets may come along"), default=False)
    wheelchair = models.BooleanField(_("accessible by wheelchair"), default=False)
    target_groups = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("made for"),
        default=list,
        blank=True,
    )
    expertise = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("expertise"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=3), verbose_name=_("languages spoken"), default=list, blank=True
    )
    security = models.CharField(
        _("security"), max_length=6, choices=SecurityLevel, default=SecurityLevel.SECRET
    )
    safety_region = models.ForeignKey(
        "geography.SafetyRegion", models.PROTECT, related_name="+", verbose_name=_("region")
    )
    active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[ShelterQuerySet] = ShelterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shelter_takes_known_sexes", condition=Q(sexes__in=Sexes.values)
            ),
            models.CheckConstraint(
                name="shelter_security_is_known", condition=Q(security__in=SecurityLevel.values)
            ),
            models.CheckConstraint(
                name="shelter_ages_go_up",
                condition=Q(max_age=None) | Q(max_age__gte=F("min_age")),
            ),
        ]

    def __str__(self) -> str:
        return self.code_name

    def get_absolute_url(self) -> str:
        return reverse("shelters:shelter", args=[self.pk])

    @property
    def language_names(self) -> list[str]:
        names = countries.languages((get_language() or "nl")[:2])
        return sorted(names.get(code, code) for code in self.languages)


class ShelterAddress(models.Model):
    """Where a shelter stands (adres): sealed, in a table and under a policy of its own.

    Opened only by shelters.actions.reveal_address, with a purpose, a line in the trail and a
    notice to the shelter.
    """

    shelter = models.OneToOneField(
        Shelter, models.PROTECT, primary_key=True, related_name="address"
    )
    key = models.ForeignKey("access.DataKey", models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    objects: ClassVar[AddressQuerySet] = AddressQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return "address"

    @property
    def about(self) -> str:
        """What the sealed value is bound to."""
        return f"shelters_shelteraddress|{self.shelter_id}|1"


class Bed(models.Model):
    """One place for one person (bed, plaats); the places of a family share a unit.

    A withdrawn bed is out of order for ever, and stands on no list any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="beds")
    code = models.CharField(_("place"), max_length=12)
    kind = models.CharField(_("kind"), max_length=10, choices=BedKind, default=BedKind.SINGLE)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[BedQuerySet] = BedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(name="bed_kind_is_known", condition=Q(kind__in=BedKind.values)),
            models.UniqueConstraint(
                fields=["shelter", "code"], name="bed_code_is_used_once_in_a_shelter"
            ),
            models.CheckConstraint(
                name="withdrawn_bed_has_time_and_name",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class BedOutage(models.Model):
    """A bed cannot be used for a time (buiten gebruik)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="outages")
    during = DateTimeRangeField(_("during"))
    set_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects: ClassVar[OutageQuerySet] = OutageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="bed_is_not_out_of_order_twice",
                expressions=[("bed", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="outage_has_a_beginning",
                condition=Q(during__isempty=False, during__lower_inf=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bed_id} out of order"
