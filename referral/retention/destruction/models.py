"""Destruction lists with their lines, and signals that must not be destroyed yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.retention.destruction.querysets import (
    CARE,
    INTELLIGENCE,
    DestructionListQuerySet,
    ListLineQuerySet,
    SignalHoldQuerySet,
)
from referral.retention.destruction.workflow import OPEN, Status
from referral.retention.models import Category, HoldReason
from signals.models import Signal

#: What goes record by record; persons with their cases and registrations go whole (Erasure).
LISTED = (*INTELLIGENCE, *CARE)


class DestructionList(models.Model):
    """Records of one kind and one owner that are past their term (vernietigingslijst).

    When the status becomes destroyed the database destroys what is still due and not held, in the
    same statement, and writes here how much. The lines go with what they stand for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category = models.CharField(_("data"), max_length=16, choices=Category)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DUE)
    listed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: How many rows of each kind are gone: counts, and no names.
    destroyed = models.JSONField(default=dict, blank=True)
    #: How many lines were held or in use again at that moment, and stayed.
    spared = models.PositiveIntegerField(default=0)

    objects: ClassVar[DestructionListQuerySet] = DestructionListQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("destruction list")
        verbose_name_plural = _("destruction lists")
        constraints = [
            models.CheckConstraint(
                name="destruction_list_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="destruction_list_is_of_records_and_not_of_persons",
                condition=Q(category__in=LISTED),
            ),
            models.CheckConstraint(
                name="destruction_list_is_approved_by_someone_at_a_time",
                condition=Q(status=Status.DUE, approved_at=None, approved_by=None)
                | Q(~Q(status=Status.DUE), approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="destruction_is_confirmed_by_a_second_person_at_a_time",
                condition=Q(
                    ~Q(destroyed_by=F("approved_by")),
                    status=Status.DESTROYED,
                    destroyed_at__isnull=False,
                    destroyed_by__isnull=False,
                )
                | Q(
                    ~Q(status=Status.DESTROYED),
                    destroyed_at=None,
                    destroyed_by=None,
                    destroyed={},
                    spared=0,
                ),
            ),
            models.UniqueConstraint(
                name="owner_has_one_open_list_of_a_kind",
                fields=["owner", "category"],
                condition=Q(status__in=OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} of {self.owner_id}"

    def get_absolute_url(self) -> str:
        return reverse("retention:destruction:list", args=[self.pk])


class ListLine(models.Model):
    """One record on a list, by its key and a reference (regel van een vernietigingslijst)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(DestructionList, models.PROTECT, related_name="lines", db_index=False)
    #: Of the signal, placement or consent; the row that it leads to will be gone.
    record = models.UUIDField()
    #: Of the signal itself; of a placement its case, of a consent its person.
    reference = models.CharField(_("reference"), max_length=20)
    last_event_on = models.DateField(_("last event"))
    due_on = models.DateField(_("kept until"))

    objects: ClassVar[ListLineQuerySet] = ListLineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="record_is_on_a_list_once", fields=["list", "record"]),
            models.CheckConstraint(
                name="listed_record_is_due_after_its_last_event",
                condition=Q(due_on__gt=F("last_event_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class SignalHold(models.Model):
    """A signal that must not be destroyed yet (juridische bewaring van een signaal).

    Beside `LegalHold`, which stands on the side of care: neither side learns what the other holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="holds")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=16, choices=HoldReason)
    until = models.DateField(_("until"))
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[SignalHoldQuerySet] = SignalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("legal hold of a signal")
        verbose_name_plural = _("legal holds of signals")
        constraints = [
            models.CheckConstraint(
                name="signal_hold_reason_is_known", condition=Q(reason__in=HoldReason.values)
            ),
            models.CheckConstraint(
                name="signal_hold_lasts_beyond_the_day_it_is_placed",
                condition=Q(until__gt=F("placed_at__date")),
            ),
            models.CheckConstraint(
                name="signal_hold_is_lifted_by_someone_at_a_time",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.signal_id)

    def get_absolute_url(self) -> str:
        return reverse("retention:destruction:lists")

    @property
    def is_running(self) -> bool:
        return self.lifted_at is None and self.until >= timezone.localdate()
