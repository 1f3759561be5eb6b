"""What a reporter asks of the desk when a registration should not have been made.

Until the desk registers it, a reporter withdraws a report alone. Once it is in the national
registration it counts, and only the desk takes it out again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.registrations.models import Registration, WithdrawalReason
from referral.registrations.withdrawals.querysets import WithdrawalRequestQuerySet
from referral.registrations.withdrawals.workflow import Status


class WithdrawalRequest(models.Model):
    """A reporter asks to withdraw what is registered (verzoek tot intrekking van een aanmelding)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="withdrawal_requests"
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ASKED)
    ground = models.CharField(max_length=12, choices=WithdrawalReason)
    #: In words why, and why it was not withdrawn; under the key of the person.
    reason = models.BinaryField()
    answer = models.BinaryField(default=b"")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[WithdrawalRequestQuerySet] = WithdrawalRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request to withdraw a registration")
        verbose_name_plural = _("requests to withdraw a registration")
        constraints = [
            models.CheckConstraint(
                name="withdrawal_request_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="withdrawal_request_ground_is_known",
                condition=Q(ground__in=WithdrawalReason.values),
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="withdrawal_request_says_why",
                condition=GreaterThan(Length("reason"), Value(28)),
            ),
            models.CheckConstraint(
                name="withdrawal_request_that_is_declined_says_why",
                condition=~Q(status=Status.DECLINED) | Q(GreaterThan(Length("answer"), Value(28))),
            ),
            models.CheckConstraint(
                name="withdrawal_request_is_decided_by_someone_at_a_time",
                condition=Q(status=Status.ASKED, decided_at=None, decided_by=None)
                | (~Q(status=Status.ASKED) & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.UniqueConstraint(
                name="registration_waits_for_one_withdrawal_at_a_time",
                fields=["registration"],
                condition=Q(status=Status.ASKED),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"],
                name="withdrawals_awaiting_desk",
                condition=Q(status=Status.ASKED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("registrations:withdrawals:requests", args=[self.registration_id])

    @property
    def about_reason(self) -> str:
        """What the sealed words say they are about; in another row they do not open."""
        return f"withdrawals_withdrawalrequest.reason|{self.pk}|1"

    @property
    def about_answer(self) -> str:
        return f"withdrawals_withdrawalrequest.answer|{self.pk}|1"
