"""The only writers of the capacity of regions, and the recorded look at their figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.cases.regions.models import Capacity
from referral.cases.regions.rules import (
    LEAST_CASES,
    Flow,
    Line,
    Setting,
    Span,
    check_setting,
    mark_of_capacity,
)
from referral.geography.models import CareRegion, CareRegionMunicipality
from referral.lib.versions import Version, check_seen
from referral.organisations.models import CareRegionCoverage, Membership
from referral.organisations.permissions import Permission

A_YEAR = timedelta(days=365)


def set_capacity(setting: Setting, *, by: Membership, at: datetime) -> Capacity:
    """One region; see set_capacities."""
    return set_capacities([setting], by=by, at=at)[0]


@transaction.atomic
def set_capacities(settings: Sequence[Setting], *, by: Membership, at: datetime) -> list[Capacity]:
    """From a day on these regions are covered so; what held before ends the day before.

    Said again for the same first day, it is a correction. Raises CapacityRefused.
    """
    with connection.cursor() as cursor:  # of two at once the second finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('capacity of regions'))")
    regions = [setting.care_region for setting in settings]
    standing = Capacity.objects.visible_to(by).filter(
        care_region__in=regions, valid__upper_inf=True
    )
    current = {capacity.care_region_id: capacity for capacity in standing}
    fresh = []
    for setting in settings:
        now = current.get(setting.care_region.pk)
        check_seen(mark_of_capacity(now), setting.seen)
        check_setting(setting, now, today=timezone.localdate(at))
        if now is not None and now.valid.lower == setting.valid_from:
            _fill(now, setting, by=by, at=at).save(
                update_fields=["coverage", "fte", "age_split", "set_at", "set_by"]
            )
            continue
        if now is not None:
            now.valid = DateRange(now.valid.lower, setting.valid_from)
            now.save(update_fields=["valid"])
        made = _fill(Capacity(care_region=setting.care_region), setting, by=by, at=at)
        made.valid = DateRange(setting.valid_from, None)
        current[setting.care_region.pk] = made
        fresh.append(made)
    Capacity.objects.bulk_create(fresh)
    record(
        "region_capacity_set",
        by=by,
        at=at,
        ids=[region.pk for region in regions],
        details={
            one.care_region.pk: f"{one.coverage} {one.fte} {one.age_split} {one.valid_from}"
            for one in settings
        },
    )
    return [current[region.pk] for region in regions]


@transaction.atomic(savepoint=False)
def read_capacity(region: CareRegion, *, by: Membership, at: datetime) -> Version:
    """What holds of a region now, and who said so; the look is recorded."""
    found = Capacity.objects.visible_to(by).filter(care_region=region).select_related("set_by")
    now = found.newest_first()[0]
    record("region_capacity_read", by=by, at=at, ids=[region.pk])
    lines = [
        (_("Who coordinates care here?"), str(now.get_coverage_display())),
        (_("How many fte of coordinators?"), number_format(now.fte)),
        (_("Is the work divided by age?"), str(now.get_age_split_display())),
        (_("From which day does this hold?"), date_format(now.valid.lower)),
    ]
    return Version(mark_of_capacity(now), lines, by=str(now.set_by), at=now.set_at)


def _fill(capacity: Capacity, setting: Setting, *, by: Membership, at: datetime) -> Capacity:
    capacity.coverage, capacity.fte = setting.coverage, setting.fte
    capacity.age_split = setting.age_split
    capacity.set_at, capacity.set_by = at, by.user
    return capacity


@transaction.atomic(savepoint=False)
def list_regions(*, by: Membership, at: datetime) -> list[Line]:
    """Every region and who coordinates it, in a fixed number of statements; to the national desk
    with its coverage and its figures.
    """
    today = timezone.localdate(at)
    capacities = Capacity.objects.visible_to(by).valid_on(today)
    capacity = {one.care_region_id: one for one in capacities}
    coordinators = dict(
        CareRegionCoverage.objects.filter(valid__contains=at).values_list(
            "care_region", "organisation__name"
        )
    )
    ours = set(
        CareRegionCoverage.objects.filter(
            valid__contains=at, organisation=by.organisation_id
        ).values_list("care_region", flat=True)
    )
    municipalities = dict(
        CareRegionMunicipality.objects.valid_on(today)
        .order_by()
        .values_list("care_region")
        .annotate(Count("pk"))
    )
    flows = _flows(at) if by.may(Permission.CASE_READ_HEADER) else {}
    record("regions_listed", by=by, at=at)
    return [
        Line(
            region,
            capacity.get(region.pk),
            coordinators.get(region.pk, ""),
            municipalities.get(region.pk, 0),
            flows.get(region.pk, Flow()),
            is_ours=region.pk in ours,
        )
        for region in CareRegion.objects.in_dutch_order()
    ]


def _flows(at: datetime) -> dict[str, Flow]:
    """By region, from what happened: the database counts, and shows no case and no note."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM baken.flow_of_regions(%s, %s)", [at - A_YEAR, LEAST_CASES])
        rows = cursor.fetchall()
    return {
        code: Flow(waiting, active, *(Span(*span) if span else None for span in spans))
        for code, waiting, active, *spans in rows
    }
