"""Releases of figures: what was computed, by whom proposed and approved, and what was sealed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from referral.lib.ids import uuid7
from referral.registrations.counting.models import CountingRules
from reporting.querysets import ArtefactQuerySet, CellQuerySet, ReleaseQuerySet
from reporting.workflow import OPEN, Status

#: Stands for the register itself, where a release is not over one import.
THE_REGISTER = UUID(int=0)


def no_other_period(name: str, edge: str) -> ExclusionConstraint:
    """The same days, or other days, but no release over a part of the days of another.

    The difference of two overlapping periods is a table that nobody has protected: a year minus
    three of its quarters. Who reads both would find single persons there. Withdrawn figures count
    as well once they were sealed, because they have been read.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            ("programme", RangeOperators.EQUAL),
            (Coalesce("source", Value(THE_REGISTER)), RangeOperators.EQUAL),
            (
                Func(
                    "period_from", "period_to", function="daterange", output_field=DateRangeField()
                ),
                RangeOperators.OVERLAPS,
            ),
            (edge, RangeOperators.NOT_EQUAL),
        ],
        condition=Q(status__in=(*OPEN, Status.SEALED)) | Q(approved_at__isnull=False),
    )


class ReportProgramme(models.Model):
    """A set of tables that is published again and again (publicatieprogramma)."""

    code = models.CharField(primary_key=True, max_length=40)
    title_nl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)

    class Meta:
        permissions = [("publish_programme", "Can order, propose, approve and download releases")]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        return self.title_nl if (get_language() or "nl").startswith("nl") else self.title_en


class ReportProgrammeGroupPermission(GroupObjectPermissionBase):
    """Which role-group may publish this programme (django-guardian, by direct key)."""

    content_object = models.ForeignKey(ReportProgramme, on_delete=models.CASCADE)


class Release(models.Model):
    """The figures of one programme over one period (publicatie).

    Everything in it is protected already; true counts are in DraftCounts, under another key and
    another policy. Once sealed it can only be withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(ReportProgramme, models.PROTECT, related_name="releases")
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("until, not included"))
    #: The import whose rows are counted, for a release over imported signals.
    source = models.UUIDField(null=True, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.COMPUTING)
    stage = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    moved_on = models.DateTimeField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    snapshot_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    #: By which version reports and persons were counted; none where neither is, or before versions.
    counting_rules = models.ForeignKey(
        CountingRules, models.PROTECT, null=True, blank=True, related_name="+"
    )
    computed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    least_possible = models.PositiveSmallIntegerField(null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ReleaseQuerySet] = ReleaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="release_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="release_period_goes_forward", condition=Q(period_to__gt=F("period_from"))
            ),
            models.UniqueConstraint(
                fields=["programme", "period_from", "period_to", "source"],
                condition=Q(status__in=OPEN),
                nulls_distinct=False,
                name="release_of_a_period_is_under_way_once",
            ),
            no_other_period("release_overlaps_none_with_another_begin", "period_from"),
            no_other_period("release_overlaps_none_with_another_end", "period_to"),
            models.CheckConstraint(
                name="computed_release_is_hashed",
                condition=Q(
                    status__in=(Status.COMPUTING, Status.REFUSED), sha256="", computed_at=None
                )
                | Q(
                    ~Q(status__in=(Status.COMPUTING, Status.REFUSED)),
                    sha256__regex=r"^[0-9a-f]{64}$",
                    computed_at__isnull=False,
                    snapshot_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="refused_release_says_why",
                condition=Q(status=Status.REFUSED) & ~Q(refusal="")
                | Q(~Q(status=Status.REFUSED), refusal=""),
            ),
            models.CheckConstraint(
                name="proposed_release_has_time_and_name",
                condition=Q(proposed_at=None, proposed_by=None)
                | Q(proposed_at__isnull=False, proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sealed_release_was_proposed_and_approved",
                condition=~Q(status__in=(Status.SEALED,))
                | Q(
                    proposed_by__isnull=False,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                ),
            ),
            models.CheckConstraint(  # a warning names a cell whose true counts it tells of
                name="sealed_release_keeps_no_warning",
                condition=~Q(status=Status.SEALED) | Q(warnings=[]),
            ),
            models.CheckConstraint(
                name="release_is_approved_by_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="withdrawn_release_has_time_name_and_reason",
                condition=Q(
                    status=Status.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                & ~Q(withdrawal_reason="")
                | Q(
                    ~Q(status=Status.WITHDRAWN),
                    withdrawn_at=None,
                    withdrawn_by=None,
                    withdrawal_reason="",
                ),
            ),
        ]
        indexes = [models.Index(fields=["programme", "-period_to"], name="release_by_period")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.period_from}/{self.period_to}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:release", args=[self.pk])

    @property
    def last_day(self) -> date:
        """The last day of the period, for people; the period itself is half-open."""
        return self.period_to - timedelta(days=1)


class DraftCounts(models.Model):
    """The true counts of a release (ruwe telling): sealed, and for the statistics service alone."""

    release = models.OneToOneField(Release, models.PROTECT, primary_key=True, related_name="draft")
    key = models.ForeignKey("access.DataKey", models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "draft counts"

    @property
    def about(self) -> str:
        return f"reporting_draftcounts|{self.release_id}|1"


class ReleaseCell(models.Model):
    """One protected figure (cel): the same wherever it is shown."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="cells", db_index=False)
    code = models.CharField(max_length=160)
    value = models.PositiveIntegerField()

    objects: ClassVar[CellQuerySet] = CellQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "code"], name="cell_has_one_value_in_a_release"
            ),
            models.CheckConstraint(
                name="cell_is_a_multiple_of_five", condition=Q(value=F("value") / 5 * 5)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class Artefact(models.Model):
    """A file of a release, kept byte for byte (bestand)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="artefacts")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)

    objects: ClassVar[ArtefactQuerySet] = ArtefactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "name"], name="file_name_is_used_once_in_a_release"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reporting:artefact", args=[self.pk])
