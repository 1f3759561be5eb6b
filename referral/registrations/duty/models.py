"""Who reports a presumed victim in a signal must register them too: the reminder when they do not."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.registrations.duty.querysets import ReminderQuerySet, TermQuerySet
from signals.models import Signal

#: From how few hours to how many an officer may be given.
HOURS = (1, 240)


class Reason(models.TextChoices):
    """Why nobody is registered (reden van niet aanmelden)."""

    BY_COLLEAGUE = "by_colleague", _("Registered by another organisation")
    NO_VICTIM = "no_victim", _("Not a presumed victim after all")
    NOT_FOUND = "not_found", _("Nobody was met: too little is known about who it is")
    WITH_OTHER = "with_other", _("Registered already with another signal")


class Term(models.Model):
    """One version of how long an officer has to register (aanmeldtermijn)."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    hours = models.PositiveSmallIntegerField(_("hours"))
    reason = models.CharField(_("reason"), max_length=200)
    valid = DateTimeRangeField()

    objects: ClassVar[TermQuerySet] = TermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_term_lasts_an_hour_to_ten_days_and_says_why",
                condition=Q(version__gt=0, hours__range=HOURS) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="duty_term_holds_in_some_time", condition=Q(valid__isempty=False)
            ),
            ExclusionConstraint(
                name="duty_term_has_one_version_in_force",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def in_force(self) -> bool:
        return self.valid.upper is None


class Reminder(models.Model):
    """An officer was told that a presumed victim of their signal is not registered (herinnering).

    It stands on the work list of their organisation until a registration is linked to the
    signal, or somebody says why there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.OneToOneField(Signal, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default="")

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_reminder_is_explained_by_someone_at_a_time_for_a_reason",
                condition=Q(explained_at=None, explained_by=None, reason="")
                | Q(
                    explained_at__isnull=False,
                    explained_by__isnull=False,
                    reason__in=Reason.values,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "told_at"],
                name="duty_reminders_open",
                condition=Q(explained_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.signal_id)

    def get_absolute_url(self) -> str:
        return reverse("registrations:duty:explain", args=[self.pk])
