"""The chain of versions of a registration: nothing that was registered is ever lost.

The row of the registration shows the newest version that counts, so that every list and figure of
the house reads that one; the database writes it there when a correction is accepted, and refuses
any other change. What it said before stands here, and nobody can change it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.geography.models import Municipality
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.models import Absence, AgeGroup, Sex
from referral.registrations.corrections.querysets import RegistrationVersionQuerySet
from referral.registrations.corrections.workflow import Status
from referral.registrations.models import Crossing, Registration, Sector
from signals.models import Exploitation


class Version(models.Model):
    """What a registration says, as one wrote it at one time (versie van een aanmelding).

    The first is what the desk registered; each next one corrects one that counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(max_length=12, choices=Status, default=Status.PROPOSED)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    forms = ArrayField(models.CharField(max_length=16, choices=Exploitation))
    primary_form = models.CharField(max_length=16, choices=Exploitation)
    sector = models.CharField(max_length=16, choices=Sector, blank=True, default="")
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    period_absent = models.CharField(max_length=12, choices=Absence, blank=True, default="")
    place_municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+"
    )
    place_country = models.CharField(max_length=2, blank=True, default="")
    place_absent = models.CharField(max_length=12, choices=Absence, blank=True, default="")
    crossing = models.CharField(max_length=12, choices=Crossing, blank=True, default="")
    sex = models.CharField(max_length=8, choices=Sex)
    age_group = models.CharField(max_length=8, choices=AgeGroup)
    is_minor = models.BooleanField(null=True, blank=True)
    #: Why it is corrected, and why it was not accepted; under the key of the person.
    reason = models.BinaryField(default=b"")
    answer = models.BinaryField(default=b"")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RegistrationVersionQuerySet] = RegistrationVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version of a registration")
        verbose_name_plural = _("versions of a registration")
        constraints = [
            models.CheckConstraint(
                name="version_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="version_is_the_first_or_corrects_another",
                condition=Q(status=Status.ORIGINAL, number=1, corrects=None)
                | (~Q(status=Status.ORIGINAL) & Q(number__gt=1, corrects__isnull=False)),
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="version_that_corrects_says_why",
                condition=Q(status=Status.ORIGINAL) | Q(GreaterThan(Length("reason"), Value(28))),
            ),
            models.CheckConstraint(
                name="version_that_is_declined_says_why",
                condition=~Q(status=Status.DECLINED) | Q(GreaterThan(Length("answer"), Value(28))),
            ),
            models.CheckConstraint(
                name="version_is_decided_by_someone_at_a_time",
                condition=Q(
                    status__in=[Status.ORIGINAL, Status.PROPOSED], decided_at=None, decided_by=None
                )
                | (
                    ~Q(status__in=[Status.ORIGINAL, Status.PROPOSED])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.UniqueConstraint(
                name="versions_of_a_registration_are_numbered", fields=["registration", "number"]
            ),
            models.UniqueConstraint(
                name="registration_waits_for_one_correction_at_a_time",
                fields=["registration"],
                condition=Q(status=Status.PROPOSED),
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at", "id"],
                name="corrections_awaiting_desk",
                condition=Q(status=Status.PROPOSED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("registrations:corrections:chain", args=[self.registration_id])

    @property
    def about_reason(self) -> str:
        """What the sealed words say they are about; in another row they do not open."""
        return f"corrections_version.reason|{self.pk}|1"

    @property
    def about_answer(self) -> str:
        return f"corrections_version.answer|{self.pk}|1"

    def form_labels(self) -> list[str]:
        return [str(Exploitation(form).label) for form in self.forms]
