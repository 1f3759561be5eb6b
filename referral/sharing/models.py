"""What somebody agreed to: with whom their data may be shared, what for, and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.organisations.roles import OrganisationType
from referral.persons.models import Person
from referral.sharing.querysets import ClosedShareQuerySet, ConsentQuerySet, OtherBasisQuerySet
from referral.sharing.workflow import ENDED, ONCE_GIVEN, State


class Purpose(models.TextChoices):
    """What data are shared for (doel)."""

    REGISTRATION = "registration", _("Registration with the national desk")
    PLACEMENT = "placement", _("Finding a place in a shelter")
    CARE_COORDINATION = "care_coordination", _("Care coordination")
    HANDOFF = "handoff", _("Handing the case over to another region")
    POLICE_CONTACT = "police_contact", _("Contact with the police")
    IMMIGRATION = "immigration", _("Right to stay (IND)")
    CASE_TABLE = "case_table", _("Talking the case over with several organisations")
    RESEARCH = "research", _("Research")


class LegalBasis(models.TextChoices):
    """On what data are shared (grondslag): AVG article 6, or the law of the one who shares."""

    CONSENT = "consent", _("Consent (AVG art. 6.1a)")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation (AVG art. 6.1c)")
    VITAL_INTEREST = "vital_interest", _("Vital interest (AVG art. 6.1d)")
    PUBLIC_TASK = "public_task", _("Public task (AVG art. 6.1e)")
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest (AVG art. 6.1f)")
    POLICE_DECREE = "police_decree", _("Police data decree (Bpg art. 4:2)")
    NLA_DECREE = "nla_decree", _("Police data decree for special investigation services")
    YOUTH_ACT = "youth_act", _("Youth Act")
    WMO = "wmo", _("Social Support Act (Wmo 2015)")
    WGS = "wgs", _("Act on data processing by partnerships (WGS)")


#: On what may be shared without consent: who records one names the article and the reason.
OTHER_BASES = (
    LegalBasis.LEGAL_OBLIGATION,
    LegalBasis.VITAL_INTEREST,
    LegalBasis.PUBLIC_TASK,
    LegalBasis.YOUTH_ACT,
    LegalBasis.WMO,
)


class DataCategory(models.TextChoices):
    """Which data are shared (categorie van gegevens)."""

    IDENTITY = "identity", _("Who the person is: name, date of birth, nationality")
    CONTACT = "contact", _("How to reach the person safely")
    SITUATION = "situation", _("Situation and needs")
    CARE = "care", _("Health and care")
    RESIDENCE = "residence", _("Right to stay and dates")


class Evidence(models.TextChoices):
    """Where the proof of an answer is kept (bewijs van toestemming)."""

    PAPER = "paper", _("A signed paper in the file of our organisation")
    OWN_SYSTEM = "own_system", _("A scan in the system of our organisation")
    RECORDING = "recording", _("A recording at our organisation")


class How(models.TextChoices):
    """How the answer was given (wijze van toestemming)."""

    WRITTEN = "written", _("In writing")
    ORAL_WITNESS = "oral_witness", _("Orally, with a witness")


class GivenBy(models.TextChoices):
    """Who answered (gegeven door)."""

    PERSON = "person", _("The person")
    PARENT = "parent", _("A parent")
    GUARDIAN = "guardian", _("The guardian")
    PERSON_AND_PARENT = "person_and_parent", _("The person together with a parent")
    PERSON_AND_GUARDIAN = "person_and_guardian", _("The person together with the guardian")


#: How one finds the proof again: letters, digits and signs, and so no sentence about anybody.
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$"
#: Answers that a representative gave, or gave as well.
REPRESENTED = [giver.value for giver in GivenBy if giver != GivenBy.PERSON]


class WithdrawalReason(models.TextChoices):
    """Why a consent was withdrawn; nobody needs a reason (reden van intrekking)."""

    NOT_SAID = "not_said", _("No reason given")
    CHANGED_MIND = "changed_mind", _("Changed their mind")
    SAFETY = "safety", _("Fears for safety")
    CARE_ENDED = "care_ended", _("Wants no help any more")


class Consent(models.Model):
    """Somebody was asked whether their data may be shared, and answered (toestemming).

    An answer never overwrites another: a newer consent for the same thing is a new row. Without
    a recipient it holds for every organisation of a kind, and without a kind for whoever needs
    the data for the purpose.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    recipient_kind = models.CharField(
        _("kind of recipient"), max_length=16, choices=OrganisationType, blank=True, default=""
    )
    recipient = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Empty: whatever the purpose needs, and no more.
    categories = ArrayField(
        models.CharField(max_length=12, choices=DataCategory),
        verbose_name=_("which data"),
        default=list,
        blank=True,
    )
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    language = models.CharField(_("language"), max_length=3, blank=True, default="")
    interpreter = models.BooleanField(_("with an interpreter"), default=False)
    leaflet = models.CharField(_("version of the leaflet"), max_length=20, blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    how = models.CharField(_("how"), max_length=16, choices=How, blank=True, default="")
    given_by = models.CharField(
        _("who answered"), max_length=20, choices=GivenBy, blank=True, default=""
    )
    evidence = models.CharField(
        _("where the proof is kept"), max_length=12, choices=Evidence, blank=True, default=""
    )
    evidence_reference = models.CharField(
        _("reference of the proof"), max_length=40, blank=True, default=""
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    valid = DateTimeRangeField(_("holds from and until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: When who asked was told that it ends soon.
    told_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(
        max_length=16, choices=WithdrawalReason, blank=True, default=""
    )

    objects: ClassVar[ConsentQuerySet] = ConsentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                name="consent_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="consent_purpose_is_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="consent_recipient_kind_is_known",
                condition=Q(recipient_kind__in=["", *OrganisationType.values]),
            ),
            models.CheckConstraint(
                name="consent_is_answered_by_someone_at_a_time_or_still_asked",
                condition=Q(state=State.ASKED, answered_at=None, answered_by=None)
                | (~Q(state=State.ASKED) & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="consent_once_given_says_how_by_whom_and_until_when",
                condition=(
                    Q(state__in=ONCE_GIVEN, how__in=How.values, given_by__in=GivenBy.values)
                    & Q(valid__isnull=False, valid__isempty=False)
                    & Q(valid__lower_inf=False, valid__upper_inf=False)
                )
                | (~Q(state__in=ONCE_GIVEN) & Q(valid=None)),
            ),
            models.CheckConstraint(
                name="consent_ends_by_someone_at_a_time_or_holds_on",
                condition=Q(state__in=ENDED, ended_at__isnull=False, ended_by__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at=None, ended_by=None)),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_says_why",
                condition=Q(state=State.WITHDRAWN, withdrawal_reason__in=WithdrawalReason.values)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawal_reason="")),
            ),
            models.CheckConstraint(
                name="consent_categories_are_known",
                condition=Q(categories__contained_by=DataCategory.values),
            ),
            models.CheckConstraint(
                name="consent_evidence_is_a_place_and_a_reference",
                condition=Q(evidence="", evidence_reference="")
                | Q(evidence__in=Evidence.values, evidence_reference__regex=REFERENCE),
            ),
            *[
                models.UniqueConstraint(
                    name=name,
                    fields=["person", "purpose", "recipient_kind", "recipient", "organisation"],
                    condition=Q(state=state),
                    nulls_distinct=False,
                )
                for name, state in (
                    ("consent_is_not_asked_twice_at_a_time", State.ASKED),
                    ("consent_is_not_held_twice_at_a_time", State.GIVEN),
                )
            ],
        ]
        indexes = [models.Index(fields=["person", "purpose"], name="consents_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("sharing:consents", args=[self.person_id])

    @property
    def category_labels(self) -> list[str]:
        return [str(DataCategory(category).label) for category in self.categories]

    def holds_at(self, moment: datetime) -> bool:
        """Whether data may be shared on it at this moment."""
        return self.state == State.GIVEN and self.valid is not None and moment in self.valid

    def covers(self, recipient: Organisation, categories: Collection[str] = ()) -> bool:
        """Given for this organisation, for its kind, or for whoever needs it for the purpose."""
        if self.categories and not set(categories) <= set(self.categories):
            return False
        return self.names(recipient) or (self.recipient_id is None and not self.recipient_kind)

    def names(self, recipient: Organisation) -> bool:
        """Given for this organisation or for its kind, and not only for a purpose."""
        if self.recipient_id is not None:
            return self.recipient_id == recipient.pk
        return self.recipient_kind == recipient.type


class Verdict(models.TextChoices):
    """What the privacy officer finds of it (oordeel van de functionaris gegevensbescherming)."""

    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not_justified", _("Not justified: sharing stops")


class OtherBasis(models.Model):
    """Data of somebody are shared with one organisation without consent (andere grondslag).

    Says on which basis, by which article, and why; the reason is sealed under the person's key.
    Against the person's own answer it is an override. Each stands on the privacy officer's list.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="other_bases")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    recipient = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    categories = ArrayField(
        models.CharField(max_length=12, choices=DataCategory), verbose_name=_("which data")
    )
    basis = models.CharField(_("basis"), max_length=24, choices=LegalBasis)
    article = models.CharField(_("article"), max_length=80)
    #: The person refused this, or took it back.
    overrides = models.BooleanField(_("against the answer of the person"))
    sealed = models.BinaryField()
    valid = DateTimeRangeField(_("holds from and until"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=16, choices=Verdict, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[OtherBasisQuerySet] = OtherBasisQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("other basis")
        verbose_name_plural = _("other bases")
        constraints = [
            models.CheckConstraint(
                name="other_basis_purpose_is_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="other_basis_is_one_that_needs_no_consent",
                condition=Q(basis__in=[basis.value for basis in OTHER_BASES]),
            ),
            models.CheckConstraint(
                name="other_basis_names_its_article", condition=~Q(article__regex=r"^\s*$")
            ),
            models.CheckConstraint(
                name="other_basis_says_which_data",
                condition=Q(categories__contained_by=DataCategory.values, categories__len__gt=0),
            ),
            models.CheckConstraint(
                name="other_basis_has_an_end",
                condition=Q(valid__isempty=False, valid__upper_inf=False, valid__lower_inf=False),
            ),
            models.CheckConstraint(
                name="other_basis_is_ended_by_someone_at_a_time",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="other_basis_is_reviewed_by_someone_with_a_verdict",
                condition=Q(verdict="", reviewed_at=None, reviewed_by=None)
                | Q(
                    verdict__in=Verdict.values,
                    reviewed_at__isnull=False,
                    reviewed_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="other_basis_that_is_not_justified_has_ended",
                condition=~Q(verdict=Verdict.NOT_JUSTIFIED) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["person", "purpose"], name="other_bases_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.basis}"

    def get_absolute_url(self) -> str:
        return reverse("sharing:other_bases")

    @property
    def about(self) -> str:
        return f"sharing_otherbasis|{self.pk}|1"

    @property
    def category_labels(self) -> list[str]:
        return [str(DataCategory(category).label) for category in self.categories]

    def holds_at(self, moment: datetime) -> bool:
        return self.ended_at is None and moment in self.valid

    def covers(self, recipient: Organisation, categories: Collection[str] = ()) -> bool:
        return self.recipient_id == recipient.pk and set(categories) <= set(self.categories)


#: What can stop, and its page.
PAGES = {
    "cases.handoff": "cases:handoff",
    "referrals.referral": "cases:referrals:referral",
    "tables.casetable": "cases:tables:table",
}


class ClosedShare(models.Model):
    """What stopped as a consent or another basis ended; a trigger above writes it (gestopte deling)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="closed_shares"
    )
    other_basis = models.ForeignKey(
        OtherBasis, models.PROTECT, null=True, blank=True, related_name="closed_shares"
    )
    #: The table and the row of what stopped.
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[ClosedShareQuerySet] = ClosedShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("stopped share")
        verbose_name_plural = _("stopped shares")
        constraints = [
            models.CheckConstraint(
                name="closed_share_rested_on_one_thing",
                condition=Q(consent__isnull=False, other_basis=None)
                | Q(consent=None, other_basis__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"

    def get_absolute_url(self) -> str:
        return reverse(PAGES[self.object_type], args=[self.object_id])
