"""Reports of presumed victims to the national desk, and their link to a signal."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.geography.models import Municipality, PoliceUnit
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.models import Absence, Person
from referral.registrations.models.codes import (
    Crossing,
    HelpWanted,
    Level,
    Missing,
    ReferrerType,
    Sector,
    WithdrawalReason,
)
from referral.registrations.querysets import RegistrationQuerySet, SignalLinkQuerySet
from referral.registrations.workflow import OPEN, Status
from referral.sharing.models import Consent, LegalBasis
from signals.models import Exploitation


class Registration(models.Model):
    """One report of one presumed victim to the national desk (aanmelding bij CoMensha).

    One person may have several: reports and persons are counted apart. What identifies the
    person is sealed elsewhere; here stand only codes, and the desk's question, sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    national_number = models.CharField(
        _("national number"), max_length=20, unique=True, null=True, blank=True
    )
    #: What it may not hold at each level, the constraints and two triggers say.
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.FULL)
    own_reference = models.BinaryField(default=b"")
    raised_at = models.DateTimeField(null=True, blank=True)
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    referrer_type = models.CharField(_("reporter"), max_length=20, choices=ReferrerType)
    referrer_region = models.ForeignKey(
        PoliceUnit, models.PROTECT, null=True, blank=True, related_name="+"
    )
    legal_basis = models.CharField(_("legal basis"), max_length=24, choices=LegalBasis)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    forms = ArrayField(models.CharField(max_length=16, choices=Exploitation))
    primary_form = models.CharField(_("main form"), max_length=16, choices=Exploitation)
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
    help_wanted = models.CharField(max_length=12, choices=HelpWanted, default=HelpWanted.NOT_ASKED)
    status = models.CharField(max_length=12, choices=Status, default=Status.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    missing = ArrayField(models.CharField(max_length=16, choices=Missing), default=list, blank=True)
    question = models.BinaryField(default=b"")
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    care_needed = models.BooleanField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(
        max_length=12, choices=WithdrawalReason, blank=True, default=""
    )

    objects: ClassVar[RegistrationQuerySet] = RegistrationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(
                name="registration_reference_is_per_year_and_number",
                condition=Q(reference__regex=r"^REG-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(
                name="registration_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="registration_level_is_known", condition=Q(level__in=Level.values)
            ),
            models.CheckConstraint(
                name="registration_has_a_reference_of_its_own_as_its_level_says",
                condition=Q(level=Level.FULL)
                | Q(level=Level.MINIMAL, own_reference=b"")
                | Q(GreaterThan(Length("own_reference"), Value(28)), level=Level.PSEUDONYMOUS),
            ),
            models.CheckConstraint(
                name="registration_without_a_name_asks_for_no_consent_help_or_care",
                condition=Q(level=Level.FULL)
                | (
                    Q(consent=None)
                    & ~Q(help_wanted=HelpWanted.YES)
                    & (Q(care_needed=None) | Q(care_needed=False))
                ),
            ),
            models.CheckConstraint(
                name="registration_is_raised_to_full_by_someone_at_a_time",
                condition=Q(raised_at=None, raised_by=None)
                | Q(level=Level.FULL, raised_at__isnull=False, raised_by__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_referrer_is_known",
                condition=Q(referrer_type__in=ReferrerType.values),
            ),
            models.CheckConstraint(
                name="registration_legal_basis_is_known",
                condition=Q(legal_basis__in=LegalBasis.values),
            ),
            models.CheckConstraint(
                name="registration_by_consent_names_the_consent",
                condition=~Q(legal_basis=LegalBasis.CONSENT) | Q(consent__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_has_forms_that_are_known",
                condition=Q(forms__len__gt=0, forms__contained_by=Exploitation.values),
            ),
            models.CheckConstraint(
                name="registration_main_form_is_one_of_its_forms",
                condition=Q(forms__contains=[F("primary_form")]),
            ),
            models.CheckConstraint(
                name="registration_sector_is_known",
                condition=Q(sector__in=["", *Sector.values]),
            ),
            models.CheckConstraint(
                name="registration_period_is_given_or_says_why_not",
                condition=Q(period_absent="")
                | Q(
                    period_absent__in=Absence.values,
                    period_from__isnull=True,
                    period_to__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="registration_period_does_not_end_before_it_begins",
                condition=Q(period_from=None)
                | Q(period_to=None)
                | Q(period_to__gte=F("period_from")),
            ),
            models.CheckConstraint(
                name="registration_place_is_given_or_says_why_not",
                condition=Q(place_absent="")
                | Q(
                    place_absent__in=Absence.values,
                    place_municipality__isnull=True,
                    place_country="",
                ),
            ),
            models.CheckConstraint(
                name="registration_municipality_lies_in_the_netherlands",
                condition=Q(place_municipality=None) | Q(place_country="NL"),
            ),
            models.CheckConstraint(
                name="registration_crossing_is_known",
                condition=Q(crossing__in=["", *Crossing.values]),
            ),
            models.CheckConstraint(
                name="registration_help_wanted_is_known",
                condition=Q(help_wanted__in=HelpWanted.values),
            ),
            models.CheckConstraint(
                name="registration_is_returned_by_someone_at_a_time_with_a_question",
                condition=(
                    Q(returned_at=None, returned_by=None, missing=[]) & ~Q(status=Status.RETURNED)
                )
                | (
                    Q(returned_at__isnull=False, returned_by__isnull=False)
                    & Q(missing__contained_by=Missing.values)
                    & (Q(missing__len__gt=0) | Q(GreaterThan(Length("question"), Value(0))))
                ),
            ),
            models.CheckConstraint(
                name="registration_has_a_number_once_someone_registered_it",
                condition=Q(
                    # What was registered and is withdrawn keeps its number.
                    status__in=[Status.REGISTERED, Status.WITHDRAWN],
                    national_number__regex=r"^CM-\d{4}-\d{5,}$",
                    registered_at__isnull=False,
                    registered_by__isnull=False,
                    care_needed__isnull=False,
                )
                | (
                    ~Q(status=Status.REGISTERED)
                    & Q(
                        national_number=None,
                        registered_at=None,
                        registered_by=None,
                        care_needed=None,
                    )
                ),
            ),
            models.CheckConstraint(
                name="registration_is_withdrawn_by_someone_at_a_time_for_a_reason",
                condition=Q(
                    status=Status.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawal_reason__in=WithdrawalReason.values,
                )
                | (
                    ~Q(status=Status.WITHDRAWN)
                    & Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                name="registrations_awaiting_desk",
                condition=Q(status=Status.SUBMITTED),
            ),
            models.Index(
                fields=["organisation", "submitted_by", "-submitted_at"],
                name="registrations_of_reporter",
            ),
            models.Index(fields=["registered_at"], name="registrations_by_day"),
            models.Index(
                fields=["person"],
                name="registrations_without_a_name",
                condition=~Q(level=Level.FULL),
            ),
        ]

    def __str__(self) -> str:
        return self.national_number or self.reference

    def get_absolute_url(self) -> str:
        return reverse("registrations:registration", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_full(self) -> bool:
        return self.level == Level.FULL

    @property
    def about_own_reference(self) -> str:
        return f"registrations_registration.own_reference|{self.pk}|1"

    @property
    def about_question(self) -> str:
        return f"registrations_registration.question|{self.pk}|1"

    def form_labels(self) -> list[str]:
        return [str(Exploitation(form).label) for form in self.forms]

    def missing_labels(self) -> list[str]:
        return [str(Missing(code).label) for code in self.missing]


class SignalLink(models.Model):
    """A registration came from a signal: two opaque numbers, and nothing of either (brug).

    The signal's side belongs to police data, the registration's to the national desk; the only
    place where they meet is here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="signal_links")
    signal = models.UUIDField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[SignalLinkQuerySet] = SignalLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "signal"],
                name="registration_is_linked_to_a_signal_once",
            ),
        ]
        indexes = [models.Index(fields=["signal"], name="registrations_of_signal")]

    def __str__(self) -> str:
        return f"{self.registration_id} from {self.signal}"
