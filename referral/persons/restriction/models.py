"""A restriction of the use of somebody's data: it begins with a request of the person, and ends."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.models import Person
from referral.persons.restriction.querysets import RestrictionQuerySet


class Restriction(models.Model):
    """The data of a person are kept, and not used for now (beperking van de verwerking).

    GDPR article 18, and 21 while an objection is looked into. It holds for the whole chain.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="restrictions")
    #: Of the request of the person, which only privacy officers read.
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"))
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RestrictionQuerySet] = RestrictionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.CheckConstraint(
                name="restriction_is_ended_by_someone_after_it_began",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("begun_at"), ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], name="restrictions_that_stand", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.reference
