"""What persons ask about their own data, and the extract that answers a request for access."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.contact.models import Channel
from referral.persons.models import Person
from referral.rights.querysets import (
    RightsExecutionQuerySet,
    RightsExtractQuerySet,
    RightsRequestQuerySet,
)
from referral.rights.workflow import ANSWERED, OPEN, Status


class Right(models.TextChoices):
    """What the person asks (recht van betrokkene), GDPR articles 15 to 18, 20 and 21."""

    ACCESS = "access", _("Access: what is kept, and who saw it")
    RECTIFICATION = "rectification", _("Rectification: put something right")
    ERASURE = "erasure", _("Erasure: destroy it")
    RESTRICTION = "restriction", _("Restriction: keep it, and do not use it for now")
    TRANSFER = "transfer", _("Transfer: take the data along, or have them sent on")
    OBJECTION = "objection", _("Objection: stop using it")


#: What is answered with a file that the privacy officer makes, and gives to the person alone.
WITH_A_FILE = (Right.ACCESS, Right.TRANSFER)

#: What is answered with a deed in the data, and not with words alone.
CARRIED_OUT = (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.OBJECTION)


class How(models.TextChoices):
    """How what was granted was done (wijze van uitvoering)."""

    CORRECTED = "corrected", _("By a correction of the registration")
    PUT_RIGHT = "put_right", _("Put right elsewhere in the file")
    RESTRICTED = "restricted", _("The data are kept and not used for now")
    LISTED = "listed", _("Put on the list of erasure, where two persons decide")


class CameBy(models.TextChoices):
    """How the request came in (wijze van binnenkomst)."""

    LETTER = "letter", _("By letter")
    IN_PERSON = "in_person", _("In person")
    LAWYER = "lawyer", _("Through a lawyer")


class Proof(models.TextChoices):
    """How it was made sure who asks (wijze van vaststellen)."""

    DOCUMENT = "document", _("An identity document was seen, and no copy kept")
    KNOWN = "known", _("Somebody who works with the person knows them")
    MANDATE = "mandate", _("The lawyer showed a mandate of the person")
    QUESTIONS = "questions", _("Questions that only the person can answer")


class Extension(models.TextChoices):
    """Why two months more are needed (reden van verlenging), GDPR article 12(3)."""

    COMPLEX = "complex", _("The request is complex")
    MANY = "many", _("There are many requests of this person")


class Refusal(models.TextChoices):
    """Why something is not done (weigeringsgrond), GDPR 12(5), 11, 15(4), 17(3), 20 and UAVG 41."""

    IDENTITY = "identity", _("It could not be made sure who asks")
    NOTHING_KEPT = "nothing_kept", _("Nothing is kept of this person")
    OTHERS = "others", _("It would harm the rights or the safety of others")
    LAW = "law", _("A law asks that the data are kept")
    CLAIM = "claim", _("The data are needed for a legal claim")
    CRIME = "crime", _("It would hinder the prosecution of crimes")
    BASIS = "basis", _("The data are not kept on consent or a contract")
    UNFOUNDED = "unfounded", _("The request is clearly unfounded or excessive")


class Delivery(models.TextChoices):
    """How the answer reaches the person safely (wijze van veilige aflevering)."""

    COLLECTED = "collected", _("Collected here by the person, or by the lawyer who asked")
    POST = Channel.POST.value, _("By post, to the address that is ticked safe")
    EMAIL = Channel.EMAIL.value, _("By e-mail, to the address that is ticked safe")
    VIA = Channel.VIA.value, _("Through the person who is ticked safe")
    IN_PERSON = Channel.IN_PERSON.value, _("Given in person, as was agreed to be safe")


def _together(name: str, **more: str) -> Q:
    """A moment, who did it, and what belongs to it: all of them or none."""
    none = Q(**{f"{name}_at": None, f"{name}_by": None, **dict.fromkeys(more.values(), "")})
    both = Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False})
    return none | (both & ~Q(**dict.fromkeys(more.values(), "")) if more else both)


class RightsRequest(models.Model):
    """A person asks something of the data that are kept of them (verzoek van een betrokkene).

    It belongs to the organisation that keeps the data and to its privacy officers alone. The term
    is one calendar month, and two more when that is told in time with the reason: GDPR 12(3).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rights_requests")
    #: Of the person, whose own row the officer does not see.
    person_reference = models.CharField(_("person"), max_length=20)
    right = models.CharField(_("what is asked"), max_length=16, choices=Right)
    came_by = models.CharField(_("came in"), max_length=12, choices=CameBy)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.RECEIVED)
    #: What is asked in the words of the person, and later the answer, under a key of their own.
    key = models.OneToOneField(DataKey, models.PROTECT, related_name="+", editable=False)
    words = models.BinaryField()
    answer = models.BinaryField(default=b"")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proof = models.CharField(_("identity"), max_length=12, choices=Proof, blank=True, default="")
    identified_at = models.DateTimeField(null=True, blank=True)
    identified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    extension = models.CharField(max_length=12, choices=Extension, blank=True, default="")
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=16, choices=Status, blank=True, default="")
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    delivery = models.CharField(max_length=12, choices=Delivery, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    near_told_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RightsRequestQuerySet] = RightsRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of persons")
        constraints = [
            models.CheckConstraint(
                name="rights_reference_is_per_year_and_number",
                condition=Q(reference__regex=r"^AVG-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(
                name="rights_request_asks_one_of_six",
                condition=Q(right__in=Right.values, came_by__in=CameBy.values),
            ),
            models.CheckConstraint(
                name="rights_status_is_known", condition=Q(status__in=Status.values)
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="rights_request_says_what_is_asked",
                condition=GreaterThan(Length("words"), Value(28)),
            ),
            models.CheckConstraint(
                name="rights_identity_is_checked_by_someone_in_a_known_way",
                condition=_together("identified", proof="proof") & Q(proof__in=["", *Proof.values]),
            ),
            models.CheckConstraint(
                name="rights_request_is_begun_by_someone_at_a_time",
                condition=_together("begun"),
            ),
            models.CheckConstraint(
                name="rights_term_is_extended_by_someone_with_a_reason",
                condition=_together("extended", extension="extension")
                & Q(extension__in=["", *Extension.values]),
            ),
            models.CheckConstraint(
                name="rights_answer_is_given_by_someone_with_words",
                condition=Q(status__in=OPEN, decided_at=None, decided_by=None, outcome="")
                & Q(answer=b"")
                | (
                    ~Q(status__in=OPEN)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & Q(outcome__in=ANSWERED)
                    & Q(GreaterThan(Length("answer"), Value(28)))
                ),
            ),
            models.CheckConstraint(
                name="rights_outcome_is_what_the_status_said",
                condition=Q(status__in=[*OPEN, Status.CLOSED]) | Q(outcome=models.F("status")),
            ),
            models.CheckConstraint(
                name="rights_refusal_has_a_reason",
                condition=Q(
                    outcome__in=[Status.REFUSED, Status.PARTLY_GRANTED],
                    refusal__in=Refusal.values,
                )
                | (~Q(outcome__in=[Status.REFUSED, Status.PARTLY_GRANTED]) & Q(refusal="")),
            ),
            # GDPR 20(1) speaks of consent and contract; the other rights do not ask for a basis.
            models.CheckConstraint(
                name="rights_basis_refuses_a_transfer_alone",
                condition=~Q(refusal=Refusal.BASIS) | Q(right=Right.TRANSFER),
            ),
            models.CheckConstraint(
                name="rights_request_is_closed_by_someone_who_delivered",
                condition=Q(
                    status=Status.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    delivery__in=Delivery.values,
                )
                | (~Q(status=Status.CLOSED) & Q(closed_at=None, closed_by=None, delivery="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="rights_by_last_day", condition=Q(status__in=OPEN)
            ),
            models.Index(fields=["organisation", "-received_at"], name="rights_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("rights:request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def about_words(self) -> str:
        """What the sealed words say they are about; in another row they do not open."""
        return f"rights_rightsrequest.words|{self.pk}|1"

    @property
    def about_answer(self) -> str:
        return f"rights_rightsrequest.answer|{self.pk}|1"


class RightsExtract(models.Model):
    """What is kept of one person and who saw it, as it was at one moment (inzageuittreksel).

    Made to answer one request, sealed under the key of that request, and never changed. For a
    transfer it is the file that the person takes along.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="extracts")
    sealed = models.BinaryField()
    #: SHA-256 of what was sealed: the paper names it, so that both can be laid side by side.
    digest = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[RightsExtractQuerySet] = RightsExtractQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("extract for a person")
        verbose_name_plural = _("extracts for persons")
        constraints = [
            models.CheckConstraint(
                name="rights_extract_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.CheckConstraint(
                name="rights_extract_has_a_digest_of_32_bytes",
                condition=Exact(Length("digest"), Value(32)),
            ),
        ]

    def __str__(self) -> str:
        return f"extract of {self.request_id}"

    @property
    def about(self) -> str:
        return f"rights_rightsextract|{self.pk}|1"


class RightsExecution(models.Model):
    """What was granted to a person and must now be done with the data (uitvoering van een verzoek).

    Who works with the data in the same organisation reads what was asked and answered, and does
    it; who answered the request sees that it was done, by whom and when.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.OneToOneField(RightsRequest, models.PROTECT, related_name="execution")
    #: Of the request, whose own row they do not see who carry it out.
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rights_executions")
    person_reference = models.CharField(_("person"), max_length=20)
    right = models.CharField(_("what is asked"), max_length=16, choices=Right)
    #: What was asked and answered, under a key of its own.
    key = models.OneToOneField(DataKey, models.PROTECT, related_name="+", editable=False)
    words = models.BinaryField()
    asked_at = models.DateTimeField(_("granted"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    how = models.CharField(_("how"), max_length=12, choices=How, blank=True, default="")
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: When who carries it out was told once more that it waits.
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RightsExecutionQuerySet] = RightsExecutionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request to carry out")
        verbose_name_plural = _("requests to carry out")
        constraints = [
            models.CheckConstraint(
                name="rights_execution_says_what_is_to_be_done",
                condition=GreaterThan(Length("words"), Value(28)),
            ),
            models.CheckConstraint(
                name="rights_execution_is_done_by_someone_in_a_known_way",
                condition=_together("done", how="how"),
            ),
            models.CheckConstraint(
                name="rights_execution_does_what_was_asked",
                condition=Q(right=Right.RECTIFICATION, how__in=["", How.CORRECTED, How.PUT_RIGHT])
                | Q(right=Right.ERASURE, how__in=["", How.LISTED])
                | Q(right__in=[Right.RESTRICTION, Right.OBJECTION], how__in=["", How.RESTRICTED]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "asked_at"],
                name="rights_to_carry_out",
                condition=Q(done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("rights:carry_out", args=[self.pk])

    @property
    def about(self) -> str:
        """What the sealed words say they are about; in another row they do not open."""
        return f"rights_rightsexecution.words|{self.pk}|1"
