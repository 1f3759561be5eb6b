"""A stay with what was asked, what stands in the way and what the shelter wrote down."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case
from referral.cases.planning.models.sealed import Sealed
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from shelters.models import EndReason, Placement, Shelter
from shelters.stays.querysets import (
    BlockerQuerySet,
    ExtensionQuerySet,
    StayNoteQuerySet,
    StayQuerySet,
)
from shelters.stays.workflow import StayStatus


class Funding(models.TextChoices):
    """Who pays for a stay (financier); a list of our own, coarse on purpose."""

    NATIONAL = "national", _("The national scheme for trafficking victims")
    MUNICIPALITY = "municipality", _("The municipality")
    YOUTH = "youth", _("Youth care")
    ASYLUM = "asylum", _("Reception of asylum seekers")
    INSURER = "insurer", _("The health insurer")
    OTHER = "other", _("Somebody else")


class LongerBecause(models.TextChoices):
    """Why a stay must last longer (reden van langer verblijf)."""

    NO_PLACE = "no_place", _("No next place yet")
    PROCEDURE = "procedure", _("A procedure is still under way")
    CARE = "care", _("Care here must be finished first")
    SAFETY = "safety", _("Leaving is not safe yet")


# What stands in the way: domain model 2.3.
class BlockerKind(models.TextChoices):
    """What stands in the way of a departure (belemmering van uitstroom)."""

    NO_VO_PLACE = "no_vo_place", _("No place in a women's or men's shelter")
    NO_HOUSING = "no_housing", _("No housing")
    NO_PERMIT = "no_permit", _("No residence permit")
    WAITING_IND = "waiting_ind", _("Waiting for the immigration service")


#: Where one can go by plan; the other reasons of departure happen to people.
DESTINATIONS = (
    EndReason.OWN_HOME,
    EndReason.OTHER_SHELTER,
    EndReason.ASSISTED_LIVING,
    EndReason.FAMILY,
    EndReason.RETURN_COUNTRY,
    EndReason.TRANSFERRED,
)


class Stay(models.Model):
    """What is agreed about a placement while the person is there (verblijf).

    The database makes it with the arrival and ends it with the placement; the copies of house,
    coordinator and case are written then, so that the lock on a row asks no other table.
    """

    placement = models.OneToOneField(
        Placement, models.PROTECT, primary_key=True, related_name="stay"
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="+")
    house = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    arrived_at = models.DateTimeField(_("arrived"))
    status = models.CharField(
        _("status"), max_length=16, choices=StayStatus, default=StayStatus.STAYING
    )
    agreed_until = models.DateField(_("agreed until"))
    funding = models.CharField(_("who pays"), max_length=12, choices=Funding, blank=True)
    leave_on = models.DateField(_("leaves on"), null=True, blank=True)
    destination = models.CharField(_("goes to"), max_length=16, choices=EndReason, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    #: When all were told that it lasts long, and of which end they were told.
    long_told_at = models.DateTimeField(null=True, blank=True)
    end_told_of = models.DateField(null=True, blank=True)

    objects: ClassVar[StayQuerySet] = StayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("stay")
        constraints = [
            models.CheckConstraint(
                name="stay_status_is_known", condition=Q(status__in=StayStatus.values)
            ),
            models.CheckConstraint(
                name="stay_is_paid_by_a_known_party",
                condition=Q(funding__in=["", *Funding.values]),
            ),
            models.CheckConstraint(
                name="planned_departure_has_day_and_destination",
                condition=Q(leave_on=None, destination="") & ~Q(status=StayStatus.OUTFLOW_PLANNED)
                | Q(
                    leave_on__isnull=False,
                    destination__in=DESTINATIONS,
                    status__in=[StayStatus.OUTFLOW_PLANNED, StayStatus.OVER],
                ),
            ),
            models.CheckConstraint(
                name="stay_that_is_over_has_its_time",
                condition=Q(status=StayStatus.OVER, over_at__isnull=False)
                | (~Q(status=StayStatus.OVER) & Q(over_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["arrived_at"], name="stay_open", condition=~Q(status=StayStatus.OVER)
            )
        ]

    def __str__(self) -> str:
        """A name that says nothing of the person."""
        return str(self.placement.request.reference)

    def get_absolute_url(self) -> str:
        return reverse("shelters:stays:stay", args=[self.pk])


class Extension(models.Model):
    """The shelter asks for a longer stay, and the desk answers (verlenging)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="extensions")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=12, choices=LongerBecause)
    funding = models.CharField(_("who pays"), max_length=12, choices=Funding)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: Empty until the desk has decided.
    granted = models.BooleanField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[ExtensionQuerySet] = ExtensionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("longer stay")
        constraints = [
            models.CheckConstraint(
                name="extension_says_why_and_who_pays",
                condition=Q(reason__in=LongerBecause.values, funding__in=Funding.values),
            ),
            models.CheckConstraint(
                name="decided_extension_has_time_and_name",
                condition=Q(granted=None, decided_at=None, decided_by=None)
                | Q(granted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(granted=None),
                name="stay_has_one_open_extension",
            ),
        ]

    def __str__(self) -> str:
        return f"Extension {self.pk}"


class Blocker(models.Model):
    """Something that stands in the way of the departure, for a time (belemmering)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="blockers")
    kind = models.CharField(_("blocker"), max_length=12, choices=BlockerKind)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[BlockerQuerySet] = BlockerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("blocker of a departure")
        constraints = [
            models.CheckConstraint(
                name="blocker_is_of_a_known_kind", condition=Q(kind__in=BlockerKind.values)
            ),
            models.CheckConstraint(
                name="blocker_is_lifted_after_it_was_set",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__gte=F("set_at"), lifted_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["stay", "kind"],
                condition=Q(lifted_at=None),
                name="stay_has_each_blocker_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Blocker {self.pk}"


class StayNote(Sealed):
    """What the shelter wrote down, sealed under the key of the person (notitie van de opvang)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="notes")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[StayNoteQuerySet] = StayNoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("note of the shelter")
        constraints = [
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="stay_note_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"
