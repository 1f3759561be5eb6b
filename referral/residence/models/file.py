from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from referral.persons.models import Person
from referral.registrations.models import Registration
from referral.residence.querysets import ResidenceFileQuerySet, StepQuerySet
from referral.residence.workflow import Line, Side


class ResidenceFile(models.Model):
    """What hangs together of one presumed victim's residence (verblijfsdossier).

    It names nobody: it says which service has it, and to which immigration service it was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="residence_file")
    registration = models.OneToOneField(Registration, models.PROTECT, related_name="residence_file")
    police = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    immigration = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ResidenceFileQuerySet] = ResidenceFileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("residence file")
        verbose_name_plural = _("residence files")
        constraints = [
            models.CheckConstraint(
                name="residence_reference_is_per_year_and_number",
                condition=Q(reference__regex=r"^VRB-\d{4}-\d{6,}$"),
            ),
        ]
        indexes = [
            models.Index(fields=["police", "-opened_at"], name="residence_files_of_police"),
            models.Index(fields=["immigration", "-opened_at"], name="residence_files_of_ind"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("residence:file", args=[self.pk])

    def side_of(self, member: Membership) -> Side | None:
        """Where the member's organisation stands; None for everyone who only reads."""
        if self.police_id == member.organisation_id:
            return Side.POLICE
        if self.immigration_id is not None and self.immigration_id == member.organisation_id:
            return Side.IMMIGRATION
        return None


class Step(models.Model):
    """One move of one line, with its day and its code; never changed (stap)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(ResidenceFile, models.PROTECT, related_name="steps", db_index=False)
    line = models.CharField(max_length=12, choices=Line)
    status_before = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    code = models.CharField(max_length=20, blank=True)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[StepQuerySet] = StepQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="residence_step_is_of_a_known_line", condition=Q(line__in=Line.values)
            ),
        ]
        indexes = [models.Index(fields=["file", "happened_on"], name="residence_steps_of_file")]

    def __str__(self) -> str:
        return f"{self.line} {self.status} of {self.file_id}"
