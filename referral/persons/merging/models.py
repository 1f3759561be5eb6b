"""Two records that turned out to be of one person.

Nothing moves: registrations, cases, consents and placements keep hanging on the record that they
came with, under its key. A merge says that both are one person; undone, it says so no more, and
nothing has to be put back but what is known of the one that stayed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.persons.merging.querysets import MergeQuerySet
from referral.persons.merging.workflow import STANDING, Status
from referral.persons.models import Person


class Merge(models.Model):
    """`gone` is the same person as `kept` (samenvoeging van twee personen)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="merges_away")
    status = models.CharField(max_length=8, choices=Status, default=Status.PROPOSED)
    #: Why, and which answers are taken from `gone`; under the key of `kept`.
    sealed = models.BinaryField()
    #: What was known of `kept` before, under its key; and the version of it that the merge made.
    before = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[MergeQuerySet] = MergeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("merge of two persons")
        verbose_name_plural = _("merges of two persons")
        constraints = [
            models.CheckConstraint(
                name="merge_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(name="merge_is_of_two_persons", condition=~Q(kept=F("gone"))),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="merge_reason_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.CheckConstraint(
                name="merge_is_decided_by_someone_at_a_time",
                condition=Q(status=Status.PROPOSED, decided_at=None, decided_by=None)
                | (
                    ~Q(status=Status.PROPOSED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="merge_is_confirmed_by_a_second_person",
                condition=Q(status__in=[Status.PROPOSED, Status.DECLINED])
                | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="merge_keeps_what_was_known_before",
                condition=Q(status__in=[Status.PROPOSED, Status.DECLINED])
                | Q(GreaterThan(Length("before"), Value(28)), version__isnull=False),
            ),
            models.CheckConstraint(
                name="merge_is_undone_by_someone_at_a_time",
                condition=Q(status=Status.UNDONE, undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(status=Status.UNDONE) & Q(undone_at=None, undone_by=None)),
            ),
            models.UniqueConstraint(
                name="person_is_merged_away_once",
                fields=["gone"],
                condition=Q(status__in=STANDING),
            ),
        ]
        indexes = [models.Index(fields=["kept"], name="merges_of_kept_person")]

    def __str__(self) -> str:
        return f"{self.gone_id} is {self.kept_id}"

    def get_absolute_url(self) -> str:
        return reverse("persons:merge", args=[self.pk])

    @property
    def about(self) -> str:
        """What the sealed reason says it is about; in another row it does not open."""
        return f"merging_merge.sealed|{self.pk}|1"

    @property
    def about_before(self) -> str:
        return f"merging_merge.before|{self.pk}|1"
