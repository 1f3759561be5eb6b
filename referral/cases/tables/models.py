"""A case table, who is invited, and what was agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.cases.models import Case
from referral.cases.planning.models import Task
from referral.cases.tables.querysets import (
    AgreementQuerySet,
    CaseTableQuerySet,
    InvitationQuerySet,
)
from referral.cases.tables.workflow import TableStatus
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.sharing.models import Consent, OtherBasis


class Worded(models.Model):
    """Words about a person, under the person's own key: erasing the key erases them.

    The key is named without a constraint: it may be destroyed, and then nobody reads them.
    """

    key = models.ForeignKey(
        DataKey, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    sealed = models.BinaryField()

    class Meta:
        abstract = True

    def seal_words(self, words: str, *, key: DataKey) -> None:
        self.key = key
        self.sealed = seal({"words": words}, key=key, about=self._about)

    def opened_words(self, *, key: DataKey) -> str:
        """Raises `crypto.Unreadable` when the key or the row is another."""
        return str(unseal(bytes(self.sealed), key=key, about=self._about)["words"])

    @property
    def _about(self) -> str:
        return f"{self._meta.db_table}|{self.pk}|1"


class CaseTable(Worded):
    """A meeting about one case, with its goal sealed (casustafel).

    The status changes only by the actions, along workflow.TABLE_MOVES.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="case_tables")
    #: Who called it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    held_on = models.DateField(_("day of the meeting"))
    status = models.CharField(
        _("status"), max_length=10, choices=TableStatus, default=TableStatus.PLANNED
    )
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[CaseTableQuerySet] = CaseTableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("case table")
        verbose_name_plural = _("case tables")
        constraints = [
            models.CheckConstraint(
                name="case_table_status_is_known", condition=Q(status__in=TableStatus.values)
            ),
            models.CheckConstraint(
                name="case_table_ends_by_someone_at_a_time",
                condition=Q(
                    status__in=[TableStatus.CLOSED, TableStatus.CANCELLED],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                | Q(
                    ~Q(status__in=[TableStatus.CLOSED, TableStatus.CANCELLED]),
                    ended_at=None,
                    ended_by=None,
                ),
            ),
        ]

    def __str__(self) -> str:
        """A name that says nothing of the case."""
        return f"T-{str(self.pk)[-8:].upper()}"

    def get_absolute_url(self) -> str:
        return reverse("cases:tables:table", args=[self.pk])


class Invitation(models.Model):
    """An organisation at a case table, and the ground on which it may be there (uitnodiging)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.ForeignKey(CaseTable, models.PROTECT, related_name="invitations")
    #: As of the table; here, so that the lock on a row asks no other table.
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    legal_basis = models.CharField(max_length=24)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    other_basis = models.ForeignKey(
        OtherBasis, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Empty until the meeting is held.
    attended = models.BooleanField(_("attended"), null=True, blank=True)
    #: When what it rests on was taken back: from then on it shows nothing any more.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="organisation_is_invited_once_to_a_case_table",
                fields=["table", "organisation"],
            ),
            models.CheckConstraint(
                name="invitation_rests_on_one_thing",
                condition=Q(consent=None) | Q(other_basis=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.table_id}"


class Agreement(Worded):
    """What was agreed at a case table: what, by whom and before which day (afspraak)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.ForeignKey(CaseTable, models.PROTECT, related_name="agreements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_on = models.DateField(_("before"))
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: The task that it became, of the team that works on the case.
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("agreement")

    def __str__(self) -> str:
        return f"Agreement {self.pk}"
