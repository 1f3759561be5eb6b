"""What is seen over many signals: notes on a phenomenon, and counts by month."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.deliberation.querysets import (
    TrendCountQuerySet,
    TrendLinkQuerySet,
    TrendNoteQuerySet,
)
from signals.deliberation.workflow import TrendStatus
from signals.models import Exploitation, Signal


class TrendNote(models.Model):
    """What an analyst sees coming back over signals, without persons (trendnotitie)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=120)
    period = DateRangeField(_("period"))
    forms = ArrayField(models.CharField(max_length=16, choices=Exploitation))
    #: Codes of safety regions; none: the whole country.
    regions = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    status = models.CharField(max_length=12, choices=TrendStatus, default=TrendStatus.DRAFT)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[TrendNoteQuerySet] = TrendNoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trend_status_is_known", condition=Q(status__in=TrendStatus.values)
            ),
            models.CheckConstraint(
                name="trend_names_known_forms",
                condition=Q(forms__len__gt=0, forms__contained_by=Exploitation.values),
            ),
            models.CheckConstraint(
                name="trend_is_of_some_days",
                condition=Q(
                    period__isempty=False,
                    period__startswith__isnull=False,
                    period__endswith__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="trend_that_is_published_has_time_and_name",
                condition=Q(published_at=None, published_by=None) & ~Q(status="published")
                | Q(published_at__isnull=False, published_by__isnull=False) & ~Q(status="draft"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("signals:deliberation:trend", args=[self.pk])

    @property
    def form_labels(self) -> list[str]:
        return [str(Exploitation(form).label) for form in self.forms]


class TrendLink(models.Model):
    """A signal in which a trend was seen (signaal bij een trend); only the expert centre knows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(TrendNote, models.PROTECT, related_name="links")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+")

    objects: ClassVar[TrendLinkQuerySet] = TrendLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signal_is_linked_once_to_a_trend", fields=["note", "signal"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.signal_id}"


class Axis(models.TextChoices):
    """By what the signals of a month are counted (uitsplitsing)."""

    ALL = "all", _("All signals")
    FORM = "form", _("Form of exploitation")
    REGION = "region", _("Safety region")
    REPORTER = "reporter", _("Who reported")


class TrendCount(models.Model):
    """How many signals came in in a month, as participants may know it (maandcijfer).

    Without a number: too few to tell (signals.deliberation.rules.hide_small).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField(_("month"))
    axis = models.CharField(max_length=8, choices=Axis)
    code = models.CharField(max_length=16, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[TrendCountQuerySet] = TrendCountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trend_count_has_a_known_axis", condition=Q(axis__in=Axis.values)
            ),
            models.CheckConstraint(name="trend_count_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="trend_count_is_not_small", condition=Q(number=None) | Q(number__gte=5)
            ),
            models.UniqueConstraint(
                name="trend_count_is_published_once", fields=["month", "axis", "code"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.axis} {self.code}"
