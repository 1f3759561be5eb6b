"""What counts as a report, in which period, and when two reports are about one person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.registrations.counting.querysets import CountingRulesQuerySet


class Moment(models.TextChoices):
    """By which day a registered report falls in a period (peilmoment)."""

    REGISTERED = "registered", _("The day on which the desk registered it")
    SUBMITTED = "submitted", _("The day on which it was sent in")


class Unit(models.TextChoices):
    """What is one person (teleenheid)."""

    PERSON = "person", _("Records that were merged are one person")
    RECORD = "record", _("Each record is one person")


class CountingRules(models.Model):
    """How periods are counted that begin on these days (telregels).

    A changed rule is a new version. What was counted under an old one is not counted again: a
    release says by which version it was.
    """

    version = models.PositiveSmallIntegerField(_("version"), primary_key=True)
    moment = models.CharField(max_length=10, choices=Moment)
    unit = models.CharField(max_length=6, choices=Unit)
    source = models.CharField(_("source"), max_length=300)
    valid = DateRangeField()

    objects: ClassVar[CountingRulesQuerySet] = CountingRulesQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("rules of counting")
        verbose_name_plural = _("rules of counting")
        constraints = [
            models.CheckConstraint(
                name="counting_moment_is_known", condition=Q(moment__in=Moment.values)
            ),
            models.CheckConstraint(
                name="counting_unit_is_known", condition=Q(unit__in=Unit.values)
            ),
            models.CheckConstraint(name="counting_rules_have_a_source", condition=~Q(source="")),
            ExclusionConstraint(
                name="counting_rules_are_one_version_on_a_day",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
