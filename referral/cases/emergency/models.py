"""That a file was opened in an emergency: by whom, why, for how long, and the verdict on it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.cases.emergency.querysets import EmergencyAccessQuerySet
from referral.cases.emergency.workflow import Status
from referral.cases.models import Case
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User

#: At most four hours, one case (domain model 4.5, access design: a choice of the chain).
LONGEST = timedelta(hours=4)


class EmergencyReason(models.TextChoices):
    """Why somebody cannot wait for the organisation that holds the case (reden van noodtoegang)."""

    LIFE = "life", _("Danger to the life or health of somebody")
    MISSING = "missing", _("The person is missing")
    CHILD = "child", _("A child is in danger")
    NOT_REACHED = (
        "not_reached",
        _("The person asks for help, and nobody who holds the case answers"),
    )
    COMPLAINT = "complaint", _("An incident or a complaint that cannot wait")


class EmergencyAccess(models.Model):
    """One person may read one case for some hours without a grant (noodtoegang).

    The database makes the grant that goes with it, to this person alone, and ends it with this
    row; nobody writes one for himself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    #: Who held the case at that moment, and was told at once.
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=12, choices=EmergencyReason)
    #: What was the matter, and later the words of the verdict, under a key of their own.
    key = models.OneToOneField(DataKey, models.PROTECT, related_name="+", editable=False)
    sealed = models.BinaryField()
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(_("ends"))
    review_due_on = models.DateField(_("review before"))
    late_told_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(_("verdict"), max_length=14, choices=Status, default=Status.TO_REVIEW)
    sealed_verdict = models.BinaryField(default=b"")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[EmergencyAccessQuerySet] = EmergencyAccessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        constraints = [
            models.CheckConstraint(
                name="emergency_reason_is_known", condition=Q(reason__in=EmergencyReason.values)
            ),
            models.CheckConstraint(
                name="emergency_verdict_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="emergency_lasts_four_hours_at_most",
                condition=Q(ends_at__gt=F("opened_at"), ends_at__lte=F("opened_at") + LONGEST),
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="emergency_says_why", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.CheckConstraint(
                name="emergency_is_reviewed_by_someone_else_at_a_time_with_reasons",
                condition=Q(
                    status=Status.TO_REVIEW,
                    reviewed_at=None,
                    reviewed_by=None,
                    sealed_verdict=b"",
                )
                | (
                    ~Q(status=Status.TO_REVIEW)
                    & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("opened_by"))
                    & Q(GreaterThan(Length("sealed_verdict"), Value(28)))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_by", "ends_at"], name="emergency_of_who_opened"),
            models.Index(
                fields=["review_due_on"],
                name="emergency_to_review",
                condition=Q(status=Status.TO_REVIEW),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {timezone.localtime(self.opened_at):%d-%m-%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("cases:emergency:access", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.opened_at <= timezone.now() < self.ends_at

    @property
    def about(self) -> str:
        """What the sealed words say they are about; in another row they do not open."""
        return f"emergency_emergencyaccess.sealed|{self.pk}|1"

    @property
    def about_verdict(self) -> str:
        return f"emergency_emergencyaccess.sealed_verdict|{self.pk}|1"
