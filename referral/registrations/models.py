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
from referral.registrations.querysets import RegistrationQuerySet, SignalLinkQuerySet
from referral.registrations.workflow import OPEN, Status
from referral.sharing.models import Consent, LegalBasis
from signals.models import Exploitation


class ReferrerType(models.TextChoices):
    """Who reports, as the national desk counts it (type aanmelder)."""

    POLICE = "police", _("Police")
    KMAR = "kmar", _("Royal Netherlands Marechaussee")
    NLA = "nla", _("Labour Authority")
    CARE_COORDINATION = "care_coordination", _("Care coordination")
    FAIRWORK = "fairwork", _("FairWork")
    SHELTER = "shelter", _("Shelter")
    RECEPTION = "reception", _("Reception of asylum seekers")
    YOUTH_CARE = "youth_care", _("Youth care")
    HEALTH_CARE = "health_care", _("Health care")
    MUNICIPALITY = "municipality", _("Municipality")
    LAWYER = "lawyer", _("Lawyer")
    OUTREACH = "outreach", _("Outreach work")
    SELF = "self", _("The person")
    IND = "ind", _("Immigration service")
    OM = "om", _("Public Prosecution Service")
    VICTIM_SUPPORT = "victim_support", _("Victim support")
    NGO = "ngo", _("Other organisation")
    INTERNATIONAL = "international", _("From abroad")
    CITIZEN = "citizen", _("A citizen")


class Sector(models.TextChoices):
    """Where somebody was put to work (sector)."""

    WINDOW = "window", _("Window prostitution")
    CLUB = "club", _("Club or private house")
    ESCORT = "escort", _("Escort")
    HOME = "home", _("At home")
    HOTEL = "hotel", _("Hotel")
    STREET = "street", _("Street")
    MASSAGE = "massage", _("Massage parlour")
    ONLINE = "online", _("Online")
    PARKING = "parking", _("Car park")
    AGRICULTURE = "agriculture", _("Agriculture, forestry and fishing")
    DOMESTIC_WORK = "domestic_work", _("Domestic work")
    HOSPITALITY = "hospitality", _("Hotels and restaurants")
    INDUSTRY = "industry", _("Industry")
    FOOD = "food", _("Food and meat")
    CONSTRUCTION = "construction", _("Construction")
    TRANSPORT = "transport", _("Transport and storage")
    TRADE = "trade", _("Shops and wholesale")
    TEMP_AGENCY = "temp_agency", _("Temporary work")
    CLEANING = "cleaning", _("Cleaning")
    BEAUTY = "beauty", _("Nail or beauty salon")
    CARE = "care", _("Care")
    OTHER_WORK = "other_work", _("Other work or services")
    DRUGS = "drugs", _("Drugs")
    THEFT = "theft", _("Theft")
    PICKPOCKETING = "pickpocketing", _("Pickpocketing")
    FRAUD = "fraud", _("Fraud, money mule or front")
    ILLEGAL_TRADE = "illegal_trade", _("Illegal trade")
    WEAPONS = "weapons", _("Weapons")
    OTHER_CRIME = "other_crime", _("Other crime")
    NOT_YET = "not_yet", _("Not yet put to work")
    NO_SECTOR = "none", _("Does not apply")
    UNKNOWN = "unknown", _("Not known")


class Crossing(models.TextChoices):
    """Whether a border was crossed for the exploitation (binnenlands of grensoverschrijdend)."""

    DOMESTIC = "domestic", _("Within the Netherlands")
    CROSSBORDER = "crossborder", _("Across a border")
    UNKNOWN = "unknown", _("Not known")


class HelpWanted(models.TextChoices):
    """Whether the person wants help and may be told of to a care coordinator (hulpvraag)."""

    YES = "yes", _("Yes, and a care coordinator may get in touch")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Does not know yet")
    NOT_ASKED = "not_asked", _("Not asked yet")


class Missing(models.TextChoices):
    """What a registration still lacks (ontbrekend gegeven)."""

    MINOR = "minor", _("Whether the person is under 18")
    AGE = "age", _("Birth date or age group")
    NATIONALITY = "nationality", _("Nationality")
    FORM = "form", _("Form of exploitation")
    SECTOR = "sector", _("Sector")
    PERIOD = "period", _("Period")
    PLACE = "place", _("Place or country of the exploitation")
    CROSSING = "crossing", _("Whether a border was crossed")
    REGION = "region", _("Region of the reporter")
    CONSENT = "consent", _("Consent of the person")
    OTHER = "other", _("Something else: see the question")


class WithdrawalReason(models.TextChoices):
    """Why a registration was withdrawn (reden van intrekking)."""

    NO_VICTIM = "no_victim", _("Not a presumed victim after all")
    MISTAKE = "mistake", _("Sent by mistake")
    DUPLICATE = "duplicate", _("Already registered")
    CONSENT = "consent", _("The person withdrew consent")


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
                    status=Status.REGISTERED,
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
        ]

    def __str__(self) -> str:
        return self.national_number or self.reference

    def get_absolute_url(self) -> str:
        return reverse("registrations:registration", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

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
