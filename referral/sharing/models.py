"""What somebody agreed to: with whom their data may be shared, what for, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.organisations.roles import OrganisationType
from referral.persons.models import Person
from referral.sharing.querysets import ConsentQuerySet
from referral.sharing.workflow import ANSWERED, ENDED, ONCE_GIVEN, State


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
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    valid = DateTimeRangeField(_("holds from and until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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
    def is_answered(self) -> bool:
        return self.state in ANSWERED or self.state in ENDED

    def holds_at(self, moment: datetime) -> bool:
        """Whether data may be shared on it at this moment."""
        return self.state == State.GIVEN and self.valid is not None and moment in self.valid

    def covers(self, recipient: Organisation) -> bool:
        """Given for this organisation, for its kind, or for whoever needs it for the purpose."""
        if self.recipient_id is not None:
            return self.recipient_id == recipient.pk
        return self.recipient_kind in {"", recipient.type}
