"""Two registrations that are about one person.

Both stay registered under their own number and are counted as two reports; who they are about is
counted once. A link moves nothing and opens nothing, unlike a merge of persons: it also fits who
was registered without a name.
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
from referral.registrations.duplicates.querysets import DuplicateLinkQuerySet
from referral.registrations.duplicates.workflow import Status
from referral.registrations.models import Registration


class DuplicateLink(models.Model):
    """A registration is about the person of an earlier one (koppeling van dubbele aanmeldingen)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="links_to_earlier")
    earlier = models.ForeignKey(Registration, models.PROTECT, related_name="links_of_later")
    status = models.CharField(max_length=8, choices=Status, default=Status.LINKED)
    #: Why the desk thinks so, under the key of the person of the later one.
    reason = models.BinaryField()
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[DuplicateLinkQuerySet] = DuplicateLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("link to an earlier registration")
        verbose_name_plural = _("links to earlier registrations")
        constraints = [
            models.CheckConstraint(
                name="duplicate_link_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="duplicate_link_is_of_two_registrations",
                condition=~Q(registration=F("earlier")),
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="duplicate_link_says_why",
                condition=GreaterThan(Length("reason"), Value(28)),
            ),
            models.CheckConstraint(
                name="duplicate_link_is_undone_by_someone_at_a_time",
                condition=Q(status=Status.UNDONE, undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(status=Status.UNDONE) & Q(undone_at=None, undone_by=None)),
            ),
            models.UniqueConstraint(
                name="registration_is_linked_to_one_earlier_at_a_time",
                fields=["registration"],
                condition=Q(status=Status.LINKED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} with {self.earlier_id}"

    def get_absolute_url(self) -> str:
        return reverse("registrations:duplicates:links", args=[self.registration_id])

    @property
    def about(self) -> str:
        """What the sealed reason says it is about; in another row it does not open."""
        return f"duplicates_duplicatelink.reason|{self.pk}|1"
