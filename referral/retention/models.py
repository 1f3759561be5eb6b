"""Terms of keeping as versions of data, legal holds, and erasures with what they destroyed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.models import Person
from referral.registrations.models import Registration
from referral.retention.querysets import ErasureQuerySet, LegalHoldQuerySet, RetentionTermQuerySet
from referral.retention.workflow import Status


class Category(models.TextChoices):
    """Which data a term is of (categorie van gegevens)."""

    CASE = "case", _("Case of an adult: file, plan, notes")
    CASE_CHILD = "case_child", _("Case of a minor: file, plan, notes")
    REGISTRATION = "registration", _("Registration without a case")
    SIGNAL = "signal", _("Municipal signal that was not forwarded")
    POLICE = "police", _("Police data of a signal")
    PLACEMENT = "placement", _("Where somebody was sheltered")
    CONSENT = "consent", _("Proof of consent")
    TRAIL = "trail", _("The log")


#: What the nightly tasks go by, of persons or of records; the log is written down only.
CARRIED_OUT = frozenset(Category) - {Category.TRAIL}


class Certainty(models.TextChoices):
    """How sure the length of a term is (zekerheid)."""

    FOUND = "found", _("Found in the source")
    OLD = "old", _("From an older text: check it")
    CHOICE = "choice", _("A choice of the chain: no source says so")
    TO_CHECK = "to_check", _("General knowledge: check it")


class HoldReason(models.TextChoices):
    """Why data must be kept longer (reden van bewaring)."""

    COURT = "court", _("A case in court")
    INVESTIGATION = "investigation", _("A criminal investigation")
    COMPLAINT = "complaint", _("A complaint or an incident")
    REQUEST = "request", _("A request of the person about the own data")
    DAMAGES = "damages", _("A claim for compensation")
    SUPERVISION = "supervision", _("An inquiry of a supervisor")


class RetentionTerm(models.Model):
    """How long data of one kind are kept after the last event (bewaartermijn).

    What no source says stands here too, and says so: it is mended by a new row, without a release.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    category = models.CharField(_("data"), max_length=16, choices=Category)
    months = models.PositiveSmallIntegerField(_("months"))
    source = models.CharField(_("source"), max_length=200)
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty)
    valid = DateRangeField()

    objects: ClassVar[RetentionTermQuerySet] = RetentionTermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retention_category_is_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="retention_lasts_at_least_a_month", condition=Q(months__gt=0)
            ),
            models.CheckConstraint(name="retention_term_names_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="retention_certainty_is_known", condition=Q(certainty__in=Certainty.values)
            ),
            ExclusionConstraint(
                name="retention_has_one_term_on_a_day",
                expressions=[
                    (F("category"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.months}"

    @property
    def is_carried_out(self) -> bool:
        return self.category in CARRIED_OUT


class LegalHold(models.Model):
    """A case or a registration that must not be erased yet (juridische bewaring)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="holds")
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, blank=True, related_name="holds"
    )
    #: Of the case or registration, which may be out of sight for who reads this.
    reference = models.CharField(_("reference"), max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=16, choices=HoldReason)
    until = models.DateField(_("until"))
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                name="hold_is_on_one_case_or_one_registration",
                condition=Q(case__isnull=False, registration=None)
                | Q(case=None, registration__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_reason_is_known", condition=Q(reason__in=HoldReason.values)
            ),
            models.CheckConstraint(
                name="hold_lasts_beyond_the_day_it_is_placed",
                condition=Q(until__gt=F("placed_at__date")),
            ),
            models.CheckConstraint(
                name="hold_is_lifted_by_someone_at_a_time",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("retention:list")

    @property
    def is_running(self) -> bool:
        return self.lifted_at is None and self.until >= timezone.localdate()


class Erasure(models.Model):
    """The destruction of everything that says who one person is and what happened (vernietiging).

    The rows that stay say codes and days, under a number that leads to nobody. When the status
    becomes erased the database destroys in the same statement, and writes here how much.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="erasure")
    reference = models.CharField(_("reference"), max_length=20)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category = models.CharField(_("data"), max_length=16, choices=Category)
    last_event_on = models.DateField(_("last event"))
    due_on = models.DateField(_("kept until"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DUE)
    listed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: How many rows of each kind are gone: counts, and no names.
    destroyed = models.JSONField(default=dict, blank=True)

    objects: ClassVar[ErasureQuerySet] = ErasureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(
                name="erasure_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="erasure_category_is_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="erasure_is_due_after_the_last_event",
                condition=Q(due_on__gt=F("last_event_on")),
            ),
            models.CheckConstraint(
                name="erasure_is_approved_by_someone_at_a_time",
                condition=Q(
                    status__in=[Status.APPROVED, Status.ERASED],
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(
                    ~Q(status__in=[Status.APPROVED, Status.ERASED]),
                    approved_at=None,
                    approved_by=None,
                ),
            ),
            models.CheckConstraint(
                name="erasure_is_confirmed_by_a_second_person_at_a_time",
                condition=Q(
                    ~Q(erased_by=F("approved_by")),
                    status=Status.ERASED,
                    erased_at__isnull=False,
                    erased_by__isnull=False,
                )
                | Q(~Q(status=Status.ERASED), erased_at=None, erased_by=None, destroyed={}),
            ),
        ]
        indexes = [models.Index(fields=["owner", "status", "due_on"], name="erasures_of_owner")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("retention:erasure", args=[self.pk])
