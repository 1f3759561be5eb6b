"""Reads of the map. All of it is public, so there is no visible_to here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Prefetch, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower

if TYPE_CHECKING:
    from referral.geography.models import CareRegion, CareRegionMunicipality, Municipality

CURLY_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def plain(text: Combinable) -> Func:
    """The text in lower case and without accents, so that "sudwest" finds Súdwest-Fryslân."""
    return Lower(Func(text, function="unaccent", output_field=TextField()))


def dutch_order(field: str = "name") -> Func:
    """Sort key of a Dutch place name.

    Accents and capitals do not count, and 's-Gravenhage stands at the G, as in a Dutch atlas.
    The key is made here because not every server has a Dutch collation (ICU).
    """
    return Func(
        plain(F(field)),
        Value("^'s-"),
        Value(""),
        function="regexp_replace",
        output_field=TextField(),
    )


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Reads as a sentence: Municipality.objects.valid_on(day).in_dutch_order()."""

    def valid_on(self, day: date) -> Self:
        """Those that exist on this day; on the first of January of a merger only the new one."""
        return self.filter(valid__contains=day)

    def matching(self, words: str) -> Self:
        """Name, everyday name, former name or code; accents and capitals do not count."""
        # Phones and word processors turn the apostrophe of 's-Gravenhage into a curly one.
        wanted = plain(Value(words.strip().replace(CURLY_APOSTROPHE, "'")))
        formerly = self.model._default_manager.alias(was=plain(F("former_standings__name")))
        space = Value(" ")
        return self.alias(
            called=plain(Concat("cbs_code", space, "name", space, "also_called"))
        ).filter(
            Q(called__contains=wanted)
            | Q(pk__in=formerly.filter(was__contains=wanted).values("pk"))
        )

    def in_care_region_on(self, care_region: CareRegion, day: date) -> Self:
        return self.filter(
            care_links__in=care_region.links.filter(valid__contains=day),
        )

    def in_dutch_order(self) -> Self:
        return self.order_by(dutch_order(), "cbs_code")

    def with_regions_on(self, day: date) -> Self:
        """Everything a line of the table shows; its care region is in `links_of_the_day`."""
        links = self.model._meta.get_field("care_links").related_model._default_manager
        return self.select_related("province", "safety_region__police_unit").prefetch_related(
            Prefetch(
                "care_links",
                queryset=links.filter(valid__contains=day).select_related(
                    "care_region__centre_municipality"
                ),
                to_attr="links_of_the_day",
            )
        )

    def with_history(self) -> Self:
        """Everything the page of one municipality shows."""
        links = self.model._meta.get_field("care_links").related_model._default_manager
        return self.select_related(
            "province", "safety_region__police_unit", "successor"
        ).prefetch_related(
            Prefetch(
                "care_links",
                queryset=links.select_related("care_region__centre_municipality").order_by(
                    "-valid"
                ),
            ),
            Prefetch("predecessors", queryset=self.model._default_manager.in_dutch_order()),
            "former_standings__province",
            "former_standings__safety_region",
        )

    def choices(self) -> list[tuple[str, str]]:
        """Code and name in Dutch order, for a select of a form."""
        return list(self.in_dutch_order().values_list("cbs_code", "name"))


class CareRegionQuerySet(models.QuerySet["CareRegion"]):
    """The care regions; which municipality is in which is asked of the municipality."""

    def in_dutch_order(self) -> Self:
        return self.order_by(dutch_order(), "code")


class CareRegionMunicipalityQuerySet(models.QuerySet["CareRegionMunicipality"]):
    """Which municipality is in which care region, and since when."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)
