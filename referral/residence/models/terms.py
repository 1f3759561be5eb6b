"""How long the law gives, which day is the last, and who was told of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.persons.models import Person
from referral.residence.models.codes import Certainty, DeadlineKind, TermCode
from referral.residence.models.file import ResidenceFile
from referral.residence.querysets import AlertQuerySet, DeadlineQuerySet, TermLengthQuerySet


class TermLength(models.Model):
    """How long a term lasts from a day on, and which text says so (lengte van een termijn).

    What the sources leave unsure stands here, so that it is mended without a release. A changed
    length is a new row; what began under the old one keeps it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("term"), max_length=20, choices=TermCode)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    source = models.CharField(_("source"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty)
    valid = DateRangeField()

    objects: ClassVar[TermLengthQuerySet] = TermLengthQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="term_code_is_known", condition=Q(code__in=TermCode.values)
            ),
            models.CheckConstraint(
                name="term_lasts_at_least_a_day", condition=Q(months__gt=0) | Q(days__gt=0)
            ),
            models.CheckConstraint(
                name="term_certainty_is_known", condition=Q(certainty__in=Certainty.values)
            ),
            ExclusionConstraint(
                name="term_has_one_length_on_a_day",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.length

    @property
    def length(self) -> str:
        """In words: 3 months, 30 days."""
        parts = []
        if self.months:
            parts.append(ngettext("%d month", "%d months", self.months) % self.months)
        if self.days:
            parts.append(ngettext("%d day", "%d days", self.days) % self.days)
        return ", ".join(parts)


class Deadline(models.Model):
    """The last day of something, of one file (termijn): a kind and a date, and no name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(ResidenceFile, models.PROTECT, related_name="deadlines")
    #: The file's own, so that a shelter can be shown a day without the file.
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("what ends"), max_length=16, choices=DeadlineKind)
    ends_on = models.DateField(_("last day"))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: It was kept: the person came on the reporting day, the decision was taken.
    kept = models.BooleanField(null=True, blank=True)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.CheckConstraint(
                name="term_kind_is_known", condition=Q(kind__in=DeadlineKind.values)
            ),
            models.CheckConstraint(
                name="term_is_closed_by_someone_at_a_time",
                condition=Q(closed_at=None, closed_by=None, kept=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, kept__isnull=False),
            ),
            models.UniqueConstraint(
                name="file_has_one_open_term_of_a_kind",
                fields=["file", "kind"],
                condition=Q(closed_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on", "id"], name="terms_open_by_day", condition=Q(closed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ends_on}"

    def get_absolute_url(self) -> str:
        return f"{reverse('residence:list')}#{self.pk}"


class Alert(models.Model):
    """So many days before its last day a term was told of: once, whoever asks twice (alarm)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="alerts", db_index=False)
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()
    #: Told by a later one, because the clock had stood still: one notice, and nothing skipped.
    late = models.BooleanField(default=False)

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="term_is_told_of_once_for_each_number_of_days", fields=["deadline", "days"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.deadline_id}"
