"""A document of a case, and its sealed pieces."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.cases.documents.querysets import DocumentPieceQuerySet, DocumentQuerySet
from referral.cases.documents.workflow import Status
from referral.cases.models import Case
from referral.files.models import FilePiece, KeptFile, known_status
from referral.organisations.models import Organisation, User


class Category(models.TextChoices):
    """What a document is (soort document), after `document_kind` of the domain model."""

    LETTER = "letter", _("Letter")
    DECISION = "decision", _("Decision")
    MINUTES = "minutes", _("Report of a meeting")
    CONSENT_FORM = "consent_form", _("Signed consent form")
    MEDICAL = "medical", _("Medical statement")
    IDENTITY_PAPER = "identity_paper", _("Identity paper")
    POLICE_STATEMENT = "police_statement", _("Statement to the police")
    RVB_FORM = "rvb_form", _("Application for Rvb")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other")


class WithdrawReason(models.TextChoices):
    """Why a document is taken out of a case (reden van intrekken)."""

    OTHER_CASE = "other_case", _("It belongs to another case")
    TWICE = "twice", _("It is in the case twice")
    NOT_NEEDED = "not_needed", _("It is not needed for the care")


class Document(KeptFile):
    """A file that belongs to a case, under the key of the person (document bij de casus).

    What it is called and about is sealed; what kind it is and of which day can be read.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents", db_index=False)
    #: Whose member added it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category = models.CharField(_("kind of document"), max_length=16, choices=Category)
    dated_on = models.DateField(_("date of the document"))
    title = models.BinaryField()
    status = models.CharField(max_length=12, choices=Status, default=Status.UPLOADING)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.CharField(max_length=12, choices=WithdrawReason, blank=True, default="")

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(KeptFile.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            known_status(Status.values),
            *KeptFile.Meta.constraints[1:],
            models.CheckConstraint(
                name="document_is_of_a_known_kind", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="document_is_withdrawn_by_someone_for_a_reason",
                condition=Q(
                    status=Status.WITHDRAWN,
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawn_why__in=WithdrawReason.values,
                )
                | Q(
                    ~Q(status=Status.WITHDRAWN),
                    withdrawn_at=None,
                    withdrawn_by=None,
                    withdrawn_why="",
                ),
            ),
        ]
        indexes = [
            *KeptFile.Meta.indexes,
            models.Index(fields=["case", "created_at"], name="document_by_case"),
        ]

    def get_absolute_url(self) -> str:
        """The part of the case; without reading the case, which the sweeper does not see."""
        return f"{reverse('case_file', args=[self.case_id])}?open=documents#documents"

    def seal_title(self, title: str, *, key: DataKey) -> None:
        self.title = seal({"title": title}, key=key, about=self._about_title)

    def opened_title(self, *, key: DataKey) -> str:
        """Raises `crypto.Unreadable` when the key or the row is another."""
        return str(unseal(bytes(self.title), key=key, about=self._about_title)["title"])

    @property
    def _about_title(self) -> str:
        return f"documents_document|{self.pk}|title|1"


class DocumentPiece(FilePiece):
    """A sealed piece of a document."""

    OF = "document"
    document = models.ForeignKey(Document, models.PROTECT, related_name="pieces")

    objects: ClassVar[DocumentPieceQuerySet] = DocumentPieceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(FilePiece.Meta):
        constraints = [
            models.CheckConstraint(
                name="piece_of_a_document_is_of_a_known_part", condition=FilePiece.KNOWN_PART
            ),
            models.UniqueConstraint(
                name="piece_of_a_document_is_kept_once", fields=["document", "part", "offset"]
            ),
        ]
