"""A referral, and the sealed package that goes along."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.cases.models import Case, Need, Priority
from referral.cases.referrals.querysets import ReferralPackageQuerySet, ReferralQuerySet
from referral.cases.referrals.workflow import ENDED, HELPING, ReferralSide, ReferralStatus
from referral.geography.models import CareRegion
from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from referral.persons.models import AgeGroup
from referral.sharing.models import Consent, OtherBasis, Purpose

BEFORE_AN_ANSWER = [ReferralStatus.OFFERED.value, ReferralStatus.EXPIRED.value]
AFTER_AN_ANSWER = [
    *(status.value for status in HELPING),
    ReferralStatus.COMPLETED.value,
    ReferralStatus.DECLINED.value,
]
BEFORE_AND_AFTER_AN_ANSWER = [*BEFORE_AN_ANSWER, *AFTER_AN_ANSWER]


class ReferralSection(models.TextChoices):
    """A part of the package of a referral (onderdeel van de verwijzing)."""

    MESSAGE = "message", _("What the receiver must know, in your words")
    SITUATION = "situation", _("Situation and needs")
    IDENTITY = "identity", _("Who the person is")
    CONTACT = "contact", _("How to reach the person")
    CONSENTS = "consents", _("What the person agreed to")
    DOCUMENTS = "documents", _("Letters, decisions, reports of meetings and consent forms")


class ReferralDecline(models.TextChoices):
    """Why an organisation cannot help (reden van weigering van een verwijzing)."""

    CAPACITY = "capacity", _("No room now")
    EXPERTISE = "expertise", _("This is not our kind of help")
    REGION = "region", _("Outside our region")
    CONFLICT = "conflict", _("Conflict of interest")
    OTHER = "other", _("Other")


class ReferralResult(models.TextChoices):
    """What became of the help (resultaat van een verwijzing)."""

    HELPED = "helped", _("The help was given")
    CONTINUES = "continues", _("The help goes on, outside this referral")
    PERSON_STOPPED = "person_stopped", _("The person did not want it any more")
    NOT_REACHED = "not_reached", _("The person could not be reached")


class Referral(models.Model):
    """One organisation asks the team of another to help somebody (verwijzing).

    The row is the envelope: who accepts or not needs no more. What goes along is sealed in the
    package. The status changes only by the actions, along workflow.REFERRAL_MOVES.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    from_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False
    )
    to_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=20, choices=Purpose)
    #: On which basis of the law, and on which consent or other basis, where the law asks one.
    legal_basis = models.CharField(max_length=24)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    other_basis = models.ForeignKey(
        OtherBasis, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The envelope
    urgency = models.CharField(_("urgency"), max_length=8, choices=Priority)
    needs = ArrayField(
        models.CharField(max_length=16, choices=Need), verbose_name=_("help that is asked")
    )
    care_region = models.ForeignKey(
        CareRegion, models.PROTECT, related_name="+", verbose_name=_("care region")
    )
    age_group = models.CharField(_("age group"), max_length=8, blank=True)
    # What goes along
    sections = ArrayField(models.CharField(max_length=12, choices=ReferralSection))
    #: SHA-256 of the canonical JSON of the package, in hexadecimal.
    package_hash = models.CharField(max_length=64)
    #: Which package for this receiver it is: the first, the second.
    version = models.PositiveSmallIntegerField(default=1)
    # What happened
    status = models.CharField(
        _("status"), max_length=10, choices=ReferralStatus, default=ReferralStatus.OFFERED
    )
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer_due_on = models.DateField(_("answer before"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.CharField(
        max_length=12, choices=ReferralDecline, blank=True, default=""
    )
    contact_due_on = models.DateField(_("first contact before"), null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=16, choices=ReferralResult, blank=True, default="")

    objects: ClassVar[ReferralQuerySet] = ReferralQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.CheckConstraint(
                name="referral_status_is_known", condition=Q(status__in=ReferralStatus.values)
            ),
            models.CheckConstraint(
                name="referral_is_not_to_itself",
                condition=~Q(from_organisation=F("to_organisation")),
            ),
            models.CheckConstraint(
                name="referral_urgency_is_known", condition=Q(urgency__in=Priority.values)
            ),
            models.CheckConstraint(
                name="referral_says_which_help_is_asked",
                condition=Q(needs__contained_by=Need.values, needs__len__gt=0),
            ),
            models.CheckConstraint(
                name="referral_sections_are_known",
                condition=Q(sections__contained_by=ReferralSection.values, sections__len__gt=0),
            ),
            models.CheckConstraint(
                name="referral_package_has_a_hash",
                condition=Q(package_hash__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="referral_rests_on_one_thing",
                condition=Q(consent=None) | Q(other_basis=None),
            ),
            models.CheckConstraint(
                name="referral_answer_has_time_and_name",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_is_answered_before_help_begins",
                condition=Q(status__in=AFTER_AN_ANSWER, answered_at__isnull=False)
                | Q(status__in=BEFORE_AN_ANSWER, answered_at=None)
                | ~Q(status__in=BEFORE_AND_AFTER_AN_ANSWER),
            ),
            models.CheckConstraint(
                name="referral_is_declined_with_a_reason",
                condition=Q(
                    status=ReferralStatus.DECLINED, decline_reason__in=ReferralDecline.values
                )
                | Q(~Q(status=ReferralStatus.DECLINED), decline_reason=""),
            ),
            models.CheckConstraint(
                name="referral_contact_has_time_and_name",
                condition=Q(contacted_at=None, contacted_by=None)
                | Q(contacted_at__isnull=False, contacted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_ends_by_someone_at_a_time",
                condition=Q(status__in=ENDED, ended_at__isnull=False, ended_by__isnull=False)
                | Q(~Q(status__in=ENDED), ended_at=None, ended_by=None),
            ),
            models.CheckConstraint(
                name="referral_is_completed_with_a_result",
                condition=Q(status=ReferralStatus.COMPLETED, result__in=ReferralResult.values)
                | Q(~Q(status=ReferralStatus.COMPLETED), result=""),
            ),
            models.UniqueConstraint(
                name="case_is_referred_once_at_a_time_to_a_receiver",
                fields=["case", "to_organisation"],
                condition=Q(status__in=[ReferralStatus.OFFERED, *HELPING]),
            ),
        ]
        indexes = [
            models.Index(fields=["to_organisation", "status", "-offered_at"], name="referral_in"),
            models.Index(
                fields=["from_organisation", "status", "-offered_at"], name="referral_out"
            ),
            models.Index(
                fields=["answer_due_on"],
                name="referral_offered_by_due",
                condition=Q(status=ReferralStatus.OFFERED),
            ),
        ]

    def __str__(self) -> str:
        """A name that says nothing of the case."""
        return f"V-{str(self.pk)[-8:].upper()}"

    def get_absolute_url(self) -> str:
        return reverse("cases:referrals:referral", args=[self.pk])

    @property
    def need_labels(self) -> list[str]:
        return [str(Need(need).label) for need in self.needs]

    @property
    def section_labels(self) -> list[str]:
        return [str(ReferralSection(section).label) for section in self.sections]

    @property
    def age_label(self) -> str:
        return str(AgeGroup(self.age_group).label) if self.age_group else ""

    @property
    def hash_groups(self) -> list[str]:
        """The hash in groups of eight, to be read aloud and to fit on a phone."""
        return [self.package_hash[start : start + 8] for start in range(0, 64, 8)]

    def side_of(self, member: Membership) -> ReferralSide | None:
        """Where the member's organisation stands; None for everyone who is not a party."""
        if self.from_organisation_id == member.organisation_id:
            return ReferralSide.SENDER
        if self.to_organisation_id == member.organisation_id:
            return ReferralSide.RECEIVER
        return None


class ReferralPackage(models.Model):
    """What goes along with a referral, word for word, sealed (pakket van de verwijzing).

    Under the key of the person, so that erasing the person erases it. The key is named without a
    constraint: it may be destroyed, and then nobody reads the package any more.
    """

    referral = models.OneToOneField(
        Referral, models.PROTECT, primary_key=True, related_name="package"
    )
    key = models.ForeignKey(
        DataKey, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    sealed = models.BinaryField()

    objects: ClassVar[ReferralPackageQuerySet] = ReferralPackageQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"Package of {self.referral_id}"

    @property
    def about(self) -> str:
        return f"referrals_referralpackage|{self.referral_id}|1"
