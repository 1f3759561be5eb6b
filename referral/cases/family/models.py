"""That somebody belongs to the person of a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.cases.family.querysets import FamilyLinkQuerySet
from referral.cases.models import Case
from referral.lib.ids import uuid7
from referral.organisations.models import User
from referral.persons.models import MINORS, AgeGroup, Person, Sex


class Relation(models.TextChoices):
    """What somebody is of the person of the case (relatie)."""

    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    PARTNER = "partner", _("Partner")
    TRAVELS_WITH = "travels_with", _("Travels along")


#: What the person of the case is of the other one; where nothing stands it is the same.
OTHER_WAY = {Relation.PARENT: Relation.CHILD, Relation.CHILD: Relation.PARENT}


class FamilyLink(models.Model):
    """Another presumed victim, or a child without a registration of its own (gezinsband).

    Of such a child nothing is kept but its age band and sex: nobody asked to register it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    relative = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="family_links"
    )
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup, blank=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, blank=True)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[FamilyLinkQuerySet] = FamilyLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="family_relation_is_known", condition=Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(
                name="family_link_is_to_a_person_or_a_child_without_registration",
                condition=Q(relative__isnull=False, age_group="", sex="")
                | Q(
                    relative=None,
                    relation=Relation.CHILD,
                    age_group__in=MINORS,
                    sex__in=Sex.values,
                ),
            ),
            models.CheckConstraint(
                name="ended_family_link_has_time_and_name",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="person_is_linked_once_to_a_case",
                fields=["case", "relative"],
                condition=Q(ended_at=None, relative__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} of {self.case_id}"
