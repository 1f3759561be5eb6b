"""The map: its parts carry official codes, and those that change carry the days they hold."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.geography.querysets import (
    CareRegionMunicipalityQuerySet,
    CareRegionQuerySet,
    MunicipalityQuerySet,
)

# Since a day, and for at least one: an open beginning or an empty period would hide a mistake.
HAS_A_FIRST_DAY = Q(valid__isempty=False, valid__lower_inf=False)


class Province(models.Model):
    """One of the twelve provinces (provincie)."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=50)

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        constraints = [
            models.CheckConstraint(
                name="province_code_is_pv20_to_pv31",
                condition=Q(code__regex=r"^PV(2[0-9]|3[01])$"),
            ),
            models.UniqueConstraint(name="two_provinces_never_share_a_name", fields=["name"]),
        ]

    def __str__(self) -> str:
        return self.name


class PoliceUnit(models.Model):
    """One of the ten regional units of the police (regionale eenheid van de politie)."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=50)

    class Meta:
        verbose_name = _("police unit")
        verbose_name_plural = _("police units")
        constraints = [
            models.CheckConstraint(
                name="police_unit_code_is_re01_to_re10",
                condition=Q(code__regex=r"^RE(0[1-9]|10)$"),
            ),
            models.UniqueConstraint(name="two_police_units_never_share_a_name", fields=["name"]),
        ]

    def __str__(self) -> str:
        return self.name


class SafetyRegion(models.Model):
    """One of the 25 safety regions (veiligheidsregio); each lies in one police unit."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=50)
    province = models.ForeignKey(
        Province, models.PROTECT, related_name="safety_regions", verbose_name=_("province")
    )
    police_unit = models.ForeignKey(
        PoliceUnit, models.PROTECT, related_name="safety_regions", verbose_name=_("police unit")
    )

    class Meta:
        verbose_name = _("safety region")
        verbose_name_plural = _("safety regions")
        constraints = [
            models.CheckConstraint(
                name="safety_region_code_is_vr01_to_vr25",
                condition=Q(code__regex=r"^VR(0[1-9]|1[0-9]|2[0-5])$"),
            ),
            models.UniqueConstraint(name="two_safety_regions_never_share_a_name", fields=["name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality (gemeente), known by the code of Statistics Netherlands (CBS).

    CBS never gives a code out twice, so the code is the key and one row is one municipality
    for as long as it exists. A merger ends it and names its successor.
    """

    cbs_code = models.CharField(_("CBS code"), max_length=6, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    also_called = models.CharField(
        _("also called"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The everyday name, such as Den Haag for 's-Gravenhage."),
    )
    province = models.ForeignKey(
        Province, models.PROTECT, related_name="municipalities", verbose_name=_("province")
    )
    safety_region = models.ForeignKey(
        SafetyRegion, models.PROTECT, related_name="municipalities", verbose_name=_("safety region")
    )
    valid = DateRangeField(_("exists from and until"))
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                name="municipality_code_is_gm_and_four_digits",
                condition=Q(cbs_code__regex=r"^GM[0-9]{4}$"),
            ),
            models.CheckConstraint(name="municipality_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="municipality_has_a_first_day", condition=HAS_A_FIRST_DAY),
            models.CheckConstraint(
                name="municipality_with_a_successor_has_ended",
                condition=Q(successor=None) | Q(valid__upper_inf=False),
            ),
            models.CheckConstraint(
                name="municipality_does_not_succeed_itself",
                condition=Q(successor=None) | ~Q(successor=F("cbs_code")),
            ),
            ExclusionConstraint(
                name="two_municipalities_never_share_a_name_at_one_time",
                expressions=[("name", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("geography:municipality", args=[self.cbs_code])

    def care_region_on(self, day: date) -> CareRegion | None:
        """The care region that is responsible on this day; None when it does not exist then."""
        link = self.care_links.valid_on(day).select_related("care_region").first()
        return link.care_region if link else None


class FormerStanding(models.Model):
    """How a municipality stood before it was renamed or moved (eerdere naam of indeling).

    A rename mostly comes with a new code, and then it is a successor; this keeps the rest:
    a spelling put right, a border of a province or safety region that was drawn anew.
    """

    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="former_standings",
        verbose_name=_("municipality"),
    )
    name = models.CharField(_("name"), max_length=60)
    province = models.ForeignKey(
        Province, models.PROTECT, related_name="+", verbose_name=_("province")
    )
    safety_region = models.ForeignKey(
        SafetyRegion, models.PROTECT, related_name="+", verbose_name=_("safety region")
    )
    valid = DateRangeField(_("held from and until"))

    class Meta:
        verbose_name = _("former standing")
        verbose_name_plural = _("former standings")
        constraints = [
            models.CheckConstraint(
                name="former_standing_has_a_first_and_a_last_day",
                condition=HAS_A_FIRST_DAY & Q(valid__upper_inf=False),
            ),
            ExclusionConstraint(
                name="municipality_stood_in_one_way_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CareRegion(models.Model):
    """The municipalities that share care coordination for presumed victims (zorgregio).

    By default these are the areas of the 35 centre municipalities for women's shelter
    (centrumgemeente vrouwenopvang). The code was made from the centre's and stays what it is,
    also when the centre merges.
    """

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    centre_municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("centre municipality")
    )

    objects = CareRegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("care region")
        verbose_name_plural = _("care regions")
        constraints = [
            models.CheckConstraint(
                name="care_region_code_is_cr_and_four_digits",
                condition=Q(code__regex=r"^CR[0-9]{4}$"),
            ),
            models.UniqueConstraint(name="two_care_regions_never_share_a_name", fields=["name"]),
            models.UniqueConstraint(
                name="municipality_is_the_centre_of_one_care_region",
                fields=["centre_municipality"],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CareRegionMunicipality(models.Model):
    """For these days this municipality is in this care region (indeling in zorgregio's)."""

    care_region = models.ForeignKey(
        CareRegion, models.PROTECT, related_name="links", verbose_name=_("care region")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="care_links", verbose_name=_("municipality")
    )
    valid = DateRangeField(_("holds from and until"))
    inferred = models.BooleanField(
        _("inferred"), help_text=_("Presumed from its surroundings; no official list says so.")
    )

    objects = CareRegionMunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality in a care region")
        verbose_name_plural = _("municipalities in care regions")
        constraints = [
            models.CheckConstraint(name="care_link_has_a_first_day", condition=HAS_A_FIRST_DAY),
            ExclusionConstraint(
                name="municipality_is_in_one_care_region_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} in {self.care_region_id}"
