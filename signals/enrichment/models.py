"""What the expert centre adds to a signal, for how long it may stand, and what partners are asked."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from signals.enrichment.querysets import (
    EnrichmentQuerySet,
    FlowBasisQuerySet,
    GroundQuerySet,
    PartnerRequestQuerySet,
    ProlongationQuerySet,
    SourceQuerySet,
    VersionQuerySet,
)
from signals.enrichment.workflow import (
    OPEN,
    PARTNER_ROLES,
    WITH_ANSWER,
    Credibility,
    FindingKind,
    Regime,
    Reliability,
    RequestStatus,
)
from signals.models import Signal


def one_at_a_time(name: str) -> ExclusionConstraint:
    """A code means one thing on one day."""
    return ExclusionConstraint(
        name=name,
        expressions=[(F("code"), RangeOperators.EQUAL), (F("valid"), RangeOperators.OVERLAPS)],
    )


class Listed(models.Model):
    """A row of a list that the expert centre keeps: a changed one is a new row, from its day on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    valid = DateRangeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """The words in the language of the reader."""
        return self.name_nl if (get_language() or "").startswith("nl") else self.name_en


class Ground(Listed):
    """On which a finding stands, and for how long it may (verwerkingsgrondslag)."""

    regime = models.CharField(max_length=3, choices=Regime)
    #: From the day on which it was first written down.
    term_months = models.PositiveSmallIntegerField()
    #: By how much one decision keeps it longer; 0 where the law allows none.
    prolong_months = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[GroundQuerySet] = GroundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ground_stands_under_a_known_regime_for_a_term",
                condition=Q(regime__in=Regime.values, term_months__gt=0),
            ),
            one_at_a_time("ground_has_one_meaning_on_one_day"),
        ]


class Source(Listed):
    """Where a finding comes from (bron)."""

    #: In the order of the form.
    place = models.PositiveSmallIntegerField()

    objects: ClassVar[SourceQuerySet] = SourceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [one_at_a_time("source_has_one_meaning_on_one_day")]


class FlowBasis(Listed):
    """On which law something of a signal goes to a partner (verstrekkingsgrondslag)."""

    receiver_types = ArrayField(models.CharField(max_length=16))
    #: Whether names and words in which they may stand can go along.
    names = models.BooleanField()

    objects: ClassVar[FlowBasisQuerySet] = FlowBasisQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="flow_goes_to_partners_on_the_side_of_investigation",
                condition=Q(
                    receiver_types__len__gt=0,
                    receiver_types__contained_by=[kind.value for kind in PARTNER_ROLES],
                ),
            ),
            one_at_a_time("flow_basis_has_one_meaning_on_one_day"),
        ]


class PartnerRequest(models.Model):
    """What the expert centre asks a partner about a signal (verzoek aan een partner).

    The partner reads what stands in `sealed`, and nothing of the signal itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="partner_requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    basis = models.ForeignKey(FlowBasis, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=RequestStatus, default=RequestStatus.ASKED)
    due_on = models.DateField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    #: Question, purpose, and the facts that were chosen, in words.
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    #: Until it is taken over or set aside: the words live in one place, with one term.
    answer = models.BinaryField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: Why it was declined.
    refusal = models.BinaryField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[PartnerRequestQuerySet] = PartnerRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partner_request_status_is_known", condition=Q(status__in=RequestStatus.values)
            ),
            models.CheckConstraint(
                name="partner_request_has_a_deadline_after_it_was_asked",
                condition=Q(due_on__gt=F("asked_at__date")),
            ),
            models.CheckConstraint(
                name="partner_request_holds_its_answer_until_it_is_dealt_with",
                condition=Q(status=RequestStatus.ANSWERED, answer__isnull=False)
                | Q(~Q(status=RequestStatus.ANSWERED), answer=None),
            ),
            models.CheckConstraint(
                name="partner_request_answered_has_time_and_name",
                condition=Q(
                    status__in=WITH_ANSWER,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                | Q(~Q(status__in=WITH_ANSWER), answered_at=None, answered_by=None),
            ),
            models.CheckConstraint(
                name="partner_request_ended_has_time_and_name",
                condition=Q(status__in=OPEN, ended_at=None, ended_by=None)
                | Q(~Q(status__in=OPEN), ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="partner_request_declined_says_why",
                condition=Q(status=RequestStatus.DECLINED, refusal__isnull=False)
                | Q(~Q(status=RequestStatus.DECLINED), refusal=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                name="partner_request_by_partner",
            ),
            models.Index(
                fields=["due_on"],
                name="partner_request_open_by_due",
                condition=Q(status=RequestStatus.ASKED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("signals:enrichment:request", args=[self.pk])

    @property
    def told_status(self) -> str:
        """Where it stands, in the words of the partner who is asked."""
        asked = self.status == RequestStatus.ASKED
        return _("Waits for your answer") if asked else self.get_status_display()


class Enrichment(models.Model):
    """A finding that the expert centre adds to a signal (verrijking); nobody else reads it.

    Its words stand in its versions, under a key of its own. When its term is over the database
    takes words and key away, and that it was there stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="enrichments")
    number = models.PositiveSmallIntegerField()
    #: What a partner answered, when it came from there.
    request = models.OneToOneField(
        PartnerRequest, models.PROTECT, null=True, blank=True, related_name="enrichment"
    )
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: The last day on which it may stand.
    ends_on = models.DateField()
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[EnrichmentQuerySet] = EnrichmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="enrichment_destroyed_has_time_and_name_and_no_key",
                condition=Q(destroyed_at=None, destroyed_by=None, key__isnull=False)
                | Q(destroyed_at__isnull=False, destroyed_by__isnull=False, key=None),
            ),
            models.UniqueConstraint(
                name="enrichments_of_a_signal_are_numbered", fields=["signal", "number"]
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"], name="enrichment_kept_by_end", condition=Q(destroyed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.signal.get_absolute_url()}#enrichment"


class EnrichmentVersion(models.Model):
    """What a finding said at one time (versie van een verrijking); the last one holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrichment = models.ForeignKey(Enrichment, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=FindingKind)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    reliability = models.CharField(max_length=1, choices=Reliability)
    credibility = models.CharField(max_length=1, choices=Credibility)
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="+")
    #: Null once it was destroyed.
    sealed = models.BinaryField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="finding_is_described_in_known_words",
                condition=Q(
                    kind__in=FindingKind.values,
                    reliability__in=Reliability.values,
                    credibility__in=Credibility.values,
                ),
            ),
            models.UniqueConstraint(
                name="versions_of_a_finding_are_numbered", fields=["enrichment", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrichment_id}: {self.number}"


class Prolongation(models.Model):
    """The decision to keep a finding longer (besluit tot langer bewaren)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrichment = models.ForeignKey(Enrichment, models.PROTECT, related_name="prolongations")
    until = models.DateField()
    #: Why; null once the finding was destroyed.
    sealed = models.BinaryField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ProlongationQuerySet] = ProlongationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="finding_is_kept_until_a_later_day",
                condition=Q(until__gt=F("decided_at__date")),
            ),
            models.UniqueConstraint(
                name="finding_is_kept_until_a_day_by_one_decision", fields=["enrichment", "until"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrichment_id}: {self.until}"
