"""One indication of trafficking: its facts in codes, its story sealed, its judgement apart."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.geography.models import Municipality
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.organisations.roles import OrganisationType
from signals.querysets import JudgementQuerySet, NarrativeQuerySet, SignalQuerySet
from signals.urgency import SEVERAL, Known, Level, reasons_for
from signals.workflow import INSIDE, TOLD, Outcome, Status, Verdict


class Exploitation(models.TextChoices):
    """The forms of exploitation (uitbuitingsvormen): the law's, and three of bill 36835."""

    SEXUAL = "sexual", _("Sexual exploitation")
    LABOUR = "labour", _("Labour exploitation")
    CRIMINAL = "criminal", _("Forced to commit crimes")
    SERVICES = "services", _("Forced services, such as housework")
    BEGGING = "begging", _("Forced begging")
    ORGAN_REMOVAL = "organ_removal", _("Forced organ removal")
    FORCED_MARRIAGE = "forced_marriage", _("Forced marriage")
    SURROGACY = "surrogacy", _("Forced surrogacy")
    ILLEGAL_ADOPTION = "illegal_adoption", _("Illegal adoption")
    UNKNOWN = "unknown", _("I do not know")


class Sex(models.TextChoices):
    """Of the presumed victims of one signal; `mixed` when they differ (geslacht)."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    X = "x", _("X")
    MIXED = "mixed", _("Different")
    UNKNOWN = "unknown", _("Unknown")


class AgeGroup(models.TextChoices):
    """Of the presumed victims of one signal; `mixed` when they differ (leeftijdsgroep)."""

    MINOR = "minor", _("Under 18")
    ADULT = "adult", _("18 or older")
    MIXED = "mixed", _("Both minors and adults")
    UNKNOWN = "unknown", _("Unknown")


class PlaceKind(models.TextChoices):
    """Where it happens (soort locatie)."""

    HOME = "home", _("House or flat")
    HOTEL = "hotel", _("Hotel or holiday park")
    CLUB = "club", _("Sex club or brothel")
    STREET = "street", _("Street")
    ONLINE = "online", _("Online")
    FARM = "farm", _("Farm or greenhouse")
    FACTORY = "factory", _("Factory or warehouse")
    CONSTRUCTION = "construction", _("Building site")
    SHIP = "ship", _("Ship or harbour")
    TRANSPORT = "transport", _("Vehicle, station or airport")
    SHOP = "shop", _("Shop or salon")
    RESTAURANT = "restaurant", _("Restaurant or café")
    COA = "coa", _("Reception centre for asylum seekers")
    SCHOOL = "school", _("School")
    BORDER = "border", _("Border")
    OTHER = "other", _("Somewhere else")
    UNKNOWN = "unknown", _("I do not know")


class Channel(models.TextChoices):
    """How the signal came in (kanaal)."""

    WEB = "web", _("Web form")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    INSPECTION = "inspection", _("Inspection")
    PARTNER_SYSTEM = "partner_system", _("Partner system")
    INTERNATIONAL = "international", _("From abroad")
    CITIZEN = "citizen", _("Tip of a citizen")


class WorldRegion(models.TextChoices):
    """Where in the world, for what came from abroad; the regions of the CTDC data set."""

    AFRICA = "africa", _("Africa")
    AMERICAS_OCEANIA = "americas_oceania", _("Americas or Oceania")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    UNKNOWN = "unknown", _("Unknown")


MINORS = Q(age_group__in=[AgeGroup.MINOR, AgeGroup.MIXED])
ACUTE = Q(danger=True) | Q(departs=True) | Q(urgent_indicators__gt=0)


class Signal(models.Model):
    """An indication of human trafficking (signaal).

    What can be counted stands here in codes; what was seen stands sealed in `SignalNarrative`,
    what the expert centre thinks of it in `Judgement`. The status is changed only by
    signals.actions, along workflow.MOVES.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    reporter_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reporter_type = models.CharField(max_length=16, choices=OrganisationType)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("received"))
    channel = models.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.WEB)
    forms = ArrayField(models.CharField(max_length=16, choices=Exploitation))
    observed = DateRangeField(_("seen in"), null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+"
    )
    world_region = models.CharField(max_length=16, choices=WorldRegion, blank=True, default="")
    place_kind = models.CharField(max_length=16, choices=PlaceKind)
    n_victims = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    age_group = models.CharField(max_length=8, choices=AgeGroup, default=AgeGroup.UNKNOWN)
    danger = models.BooleanField(_("acute danger"))
    minors = models.GeneratedField(
        expression=models.ExpressionWrapper(MINORS, output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    #: Of the last deepening, counted by a trigger, because reporters do not change a signal.
    departs = models.BooleanField(default=False)
    urgent_indicators = models.PositiveSmallIntegerField(default=0)
    strong_indicators = models.PositiveSmallIntegerField(default=0)
    #: The rules of signals.urgency, for the index of the queue. It sorts, it never decides.
    urgency = models.GeneratedField(
        expression=Case(
            When(ACUTE & MINORS, then=Value(Level.MINOR_IN_DANGER.value)),
            When(ACUTE, then=Value(Level.DANGER.value)),
            When(MINORS, then=Value(Level.MINOR.value)),
            When(strong_indicators__gte=SEVERAL, then=Value(Level.SEVERAL_STRONG.value)),
            When(strong_indicators__gt=0, then=Value(Level.SOME_STRONG.value)),
            default=Value(Level.REST.value),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.RECEIVED)
    #: How long the clock of triage stood still: pauses, and the time with a second reader.
    paused = models.DurationField(default=timedelta, db_default=timedelta())
    #: Raised by the database with each change, and who made it: what a page showed may be old.
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    #: Without `outcome_by`: who judged stands in Judgement, which reporters do not see.
    outcome_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    import_batch = models.ForeignKey(
        "signals.ImportBatch", models.PROTECT, null=True, blank=True, related_name="signals"
    )
    import_profile = models.CharField(max_length=16, blank=True, default="")
    row_key = models.BinaryField(null=True, blank=True)

    objects: ClassVar[SignalQuerySet] = SignalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signal_reference_is_sig_year_and_number",
                condition=Q(reference__regex=r"^SIG-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(
                name="signal_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="signal_reporter_type_is_known",
                condition=Q(reporter_type__in=OrganisationType.values),
            ),
            models.CheckConstraint(
                name="signal_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="signal_names_at_least_one_form", condition=Q(forms__len__gt=0)
            ),
            models.CheckConstraint(
                name="signal_forms_are_known", condition=Q(forms__contained_by=Exploitation.values)
            ),
            models.CheckConstraint(
                name="unknown_form_stands_alone",
                condition=~Q(forms__contains=[Exploitation.UNKNOWN]) | Q(forms__len=1),
            ),
            models.CheckConstraint(
                name="signal_place_kind_is_known", condition=Q(place_kind__in=PlaceKind.values)
            ),
            models.CheckConstraint(name="signal_sex_is_known", condition=Q(sex__in=Sex.values)),
            models.CheckConstraint(
                name="signal_age_group_is_known", condition=Q(age_group__in=AgeGroup.values)
            ),
            models.CheckConstraint(
                name="signal_is_about_somebody", condition=Q(n_victims=None) | Q(n_victims__gt=0)
            ),
            models.CheckConstraint(
                name="signal_has_one_place_at_home_or_abroad",
                condition=Q(municipality__isnull=False, world_region="")
                | Q(
                    municipality=None,
                    channel=Channel.INTERNATIONAL,
                    world_region__in=WorldRegion.values,
                )
                # A citizen may not know where it is.
                | Q(municipality=None, channel=Channel.CITIZEN, world_region=""),
            ),
            models.CheckConstraint(
                name="signal_was_seen_on_a_day",
                condition=Q(observed=None) | Q(observed__isempty=False),
            ),
            models.CheckConstraint(
                name="signal_taken_up_has_time_and_name",
                condition=Q(
                    status__in=[Status.RECEIVED, Status.WITHDRAWN],
                    taken_up_at=None,
                    taken_up_by=None,
                )
                | Q(
                    ~Q(status=Status.RECEIVED),
                    taken_up_at__isnull=False,
                    taken_up_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="signal_outcome_is_told_once_it_is_judged",
                condition=Q(~Q(status__in=[*TOLD, Status.CLOSED]), outcome="", outcome_at=None)
                | Q(
                    status__in=[*TOLD, Status.CLOSED],
                    outcome__in=Outcome.values,
                    outcome_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="signal_status_and_outcome_agree",
                condition=~Q(status__in=TOLD) | Q(status=models.F("outcome")),
            ),
            models.CheckConstraint(
                name="signal_closed_has_time_and_name",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | Q(~Q(status=Status.CLOSED), closed_at=None, closed_by=None),
            ),
            models.CheckConstraint(
                name="signal_from_a_file_names_its_row",
                condition=Q(import_batch=None, import_profile="", row_key=None)
                | Q(~Q(import_profile=""), import_batch__isnull=False, row_key__isnull=False),
            ),
            models.UniqueConstraint(
                name="row_of_a_file_is_imported_once",
                fields=["import_profile", "row_key"],
                condition=Q(row_key__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "urgency", "created_at"], name="signal_triage_queue"),
            models.Index(
                fields=["reporter_organisation", "-created_at"], name="signal_by_organisation"
            ),
            models.Index(fields=["created_by", "-created_at"], name="signal_by_reporter"),
            models.Index(fields=["municipality", "-created_at"], name="signal_by_municipality"),
            models.Index(fields=["-created_at"], name="signal_by_time"),
            models.Index(
                fields=["outcome_at"],
                name="signal_waits_for_feedback",
                condition=Q(status=Status.FORWARDED, import_batch=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("signals:signal", args=[self.pk])

    def get_receipt_url(self) -> str:
        return reverse("signals:receipt", args=[self.pk])

    @property
    def told_status(self) -> Status:
        """Where it stands for who reported: not that it is parked, nor that rejecting is thought of."""
        return Status.TRIAGE if self.status in INSIDE else Status(self.status)

    @property
    def form_labels(self) -> list[str]:
        return [str(Exploitation(form).label) for form in self.forms]

    @property
    def known(self) -> Known:
        """What the rules of urgency ask."""
        return Known(
            danger=self.danger,
            minors=self.minors,
            departs=self.departs,
            urgent=self.urgent_indicators,
            strong=self.strong_indicators,
        )

    @property
    def reasons(self) -> list[str]:
        """Why it stands where it stands in the queue, in words."""
        return reasons_for(self.known)


class SignalNarrative(models.Model):
    """What was seen, in words and loose facts, under the signal's own key (relaas)."""

    signal = models.OneToOneField(
        Signal, models.PROTECT, primary_key=True, related_name="narrative"
    )
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    objects: ClassVar[NarrativeQuerySet] = NarrativeQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.signal_id)


class Judgement(models.Model):
    """What the expert centre decided and why (oordeel); nobody else reads it."""

    signal = models.OneToOneField(
        Signal, models.PROTECT, primary_key=True, related_name="judgement"
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    motivation = models.BinaryField()
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[JudgementQuerySet] = JudgementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="judgement_verdict_is_known", condition=Q(verdict__in=Verdict.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.verdict}"
