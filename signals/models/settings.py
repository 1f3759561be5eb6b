"""What a coordinator sets without code, in versions: how files are read, how long things take.

A version is never written anew. It holds in a time of its own, and only its end may be set; who
made it and ended it, the trail says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from signals.querysets import LayoutMappingQuerySet, ServiceLevelsQuerySet

#: The terms of the service levels in the order of a signal's life, from how few to how many.
LIMITS = {
    "draft_days": (8, 365),
    "triage_urgent_hours": (1, 240),
    "triage_days": (1, 60),
    "second_reading_days": (1, 60),
    "answer_days": (1, 60),
    "answer_reminded_days": (1, 60),
    "feedback_near_days": (1, 729),
    "feedback_days": (2, 730),
    "parking_days": (1, 730),
}


class LayoutMapping(models.Model):
    """One version of what the columns of a file mean (kolomvertaling), as the TOML that was checked."""

    code = models.CharField(_("code"), max_length=16)
    version = models.PositiveSmallIntegerField(_("version"))
    label = models.CharField(_("layout"), max_length=60)
    content = models.TextField()
    reason = models.CharField(_("reason"), max_length=200)
    valid = DateTimeRangeField()

    objects: ClassVar[LayoutMappingQuerySet] = LayoutMappingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mapping_code_is_small_letters", condition=Q(code__regex=r"^[a-z][a-z0-9_]+$")
            ),
            models.CheckConstraint(
                name="mapping_counts_from_one_and_says_why",
                condition=Q(version__gt=0) & ~Q(label="") & ~Q(content="") & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="mapping_holds_in_some_time", condition=Q(valid__isempty=False)
            ),
            models.UniqueConstraint(
                name="version_of_a_mapping_is_written_once", fields=["code", "version"]
            ),
            ExclusionConstraint(
                name="mapping_has_one_version_in_force",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("signals:mapping", args=[self.pk])

    @property
    def ended(self) -> bool:
        return self.valid.upper is not None


class Versioned(models.Model):
    """One version of a set of numbers: from when until when it holds, and why it was made."""

    #: Each number of the set, and from how few to how many it may be.
    LIMITS: ClassVar[Mapping[str, tuple[int, int]]]

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    reason = models.CharField(_("reason"), max_length=200)
    valid = DateTimeRangeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.version)

    def holds_at(self, moment: datetime) -> bool:
        since, until = self.valid.lower, self.valid.upper
        return (since is None or since <= moment) and (until is None or moment < until)

    @property
    def terms(self) -> dict[str, int]:
        """Each number by its name."""
        return {name: getattr(self, name) for name in self.LIMITS}


class ServiceLevels(Versioned):
    """One version of how long things may take at the expert centre (servicenormen)."""

    LIMITS = LIMITS

    draft_days = models.PositiveSmallIntegerField(
        _("Remove a draft that nobody touches, after days")
    )
    triage_urgent_hours = models.PositiveSmallIntegerField(
        _("Decide, with danger or a minor, within hours")
    )
    triage_days = models.PositiveSmallIntegerField(_("Decide, within working days"))
    second_reading_days = models.PositiveSmallIntegerField(
        _("Read a second time, within working days")
    )
    answer_days = models.PositiveSmallIntegerField(_("Answer of the reporter, working days"))
    answer_reminded_days = models.PositiveSmallIntegerField(
        _("Answer of the reporter, after the reminder, working days")
    )
    feedback_near_days = models.PositiveSmallIntegerField(_("Reminder of the feedback, after days"))
    feedback_days = models.PositiveSmallIntegerField(_("Feedback of the receiver, within days"))
    parking_days = models.PositiveSmallIntegerField(_("Parked, at most days"))

    objects: ClassVar[ServiceLevelsQuerySet] = ServiceLevelsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_levels_last_some_time_and_no_more_than_two_years",
                condition=Q(**{f"{name}__range": limits for name, limits in LIMITS.items()}),
            ),
            models.CheckConstraint(
                name="reminder_of_feedback_comes_before_its_end",
                condition=Q(feedback_near_days__lt=F("feedback_days")),
            ),
            models.CheckConstraint(
                name="service_levels_count_from_one_and_say_why",
                condition=Q(version__gt=0) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="service_levels_hold_in_some_time", condition=Q(valid__isempty=False)
            ),
            ExclusionConstraint(
                name="service_levels_have_one_version_in_force",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]

    @property
    def triage_urgent(self) -> timedelta:
        return timedelta(hours=self.triage_urgent_hours)

    @property
    def draft(self) -> timedelta:
        return timedelta(days=self.draft_days)

    @property
    def feedback(self) -> timedelta:
        return timedelta(days=self.feedback_days)

    @property
    def feedback_near(self) -> timedelta:
        return timedelta(days=self.feedback_near_days)
