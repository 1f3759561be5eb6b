"""What the reporter's side does after sending: amend, split, withdraw."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.geography.models import Municipality
from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.models.items import Item
from signals.models.signal import AgeGroup, Exploitation, PlaceKind, Sex, Signal
from signals.querysets import AmendmentQuerySet, OffshootQuerySet, WithdrawalQuerySet


class WithdrawalReason(models.TextChoices):
    """Why a reporter takes a signal back (reden van intrekken)."""

    MISTAKE = "mistake", _("It was not what it seemed")
    DOUBLE = "double", _("It was reported twice")
    WRONG_FORM = "wrong_form", _("It belongs somewhere else")
    CONSENT = "consent", _("The person no longer agrees")
    OTHER = "other", _("Another reason")


class Amendment(models.Model):
    """The reporter's side says a signal anew, with the reason (aanvulling of correctie).

    The codes here are those from now on, and a trigger puts them on the signal. The words, the
    reason and what was said before lie sealed under the key of the signal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    forms = ArrayField(models.CharField(max_length=16, choices=Exploitation))
    observed = DateRangeField(null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+"
    )
    place_kind = models.CharField(max_length=16, choices=PlaceKind)
    n_victims = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex)
    age_group = models.CharField(max_length=8, choices=AgeGroup)
    danger = models.BooleanField()

    objects: ClassVar[AmendmentQuerySet] = AmendmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="amendments_of_a_signal_count_from_one", condition=Q(number__gt=0)
            ),
            models.UniqueConstraint(
                name="amendment_of_a_signal_is_written_once", fields=["signal", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"amendment {self.number} of {self.signal_id}"

    @property
    def about(self) -> str:
        """What the sealed words say they are about; moved elsewhere they do not open."""
        return f"signals_amendment|{self.pk}|1"


class Withdrawal(models.Model):
    """The reporter's side takes a signal back (intrekking); a trigger moves the signal."""

    signal = models.OneToOneField(
        Signal, models.PROTECT, primary_key=True, related_name="withdrawal"
    )
    reason = models.CharField(_("reason"), max_length=12, choices=WithdrawalReason)
    sealed = models.BinaryField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[WithdrawalQuerySet] = WithdrawalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_reason_is_known", condition=Q(reason__in=WithdrawalReason.values)
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawal of {self.signal_id}"

    @property
    def about(self) -> str:
        """What the sealed words say they are about; moved elsewhere they do not open."""
        return f"signals_withdrawal|{self.signal_id}|1"


class Offshoot(models.Model):
    """A signal that was made of another one, for one of its presumed victims (afsplitsing)."""

    signal = models.OneToOneField(Signal, models.PROTECT, primary_key=True, related_name="offshoot")
    origin = models.ForeignKey(Signal, models.PROTECT, related_name="offshoots")
    item = models.OneToOneField(Item, models.PROTECT, related_name="offshoot")

    objects: ClassVar[OffshootQuerySet] = OffshootQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signal_is_not_split_off_itself", condition=~Q(origin=F("signal"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id} of {self.origin_id}"
