from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.cases.models.case import Case
from referral.cases.models.codes import Basis, Level, Priority, Profile
from referral.cases.querysets import CaseAccessQuerySet, CaseGrantQuerySet
from referral.cases.workflow import CaseStatus
from referral.lib.ids import uuid7


class CaseGrant(models.Model):
    """An organisation may see a case, so far and for so long (toegang tot een casus).

    Never deleted: revoking closes the interval, so that "who could see this on that day" stays
    answerable. The grants of the owner, of who is offered the case and of who was owner before
    are kept by the database from the case itself; nobody can write one for himself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="grants")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    #: Only this person of the organisation; empty means everyone there whose role allows it.
    user = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.SmallIntegerField(_("level"), choices=Level)
    profile = models.CharField(_("profile"), max_length=12, choices=Profile)
    valid = DateTimeRangeField(_("valid"))
    basis = models.CharField(_("basis"), max_length=12, choices=Basis)
    granted_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=60, blank=True)

    objects: ClassVar[CaseGrantQuerySet] = CaseGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                name="grant_level_is_known", condition=Q(level__in=Level.values)
            ),
            models.CheckConstraint(
                name="grant_profile_is_known", condition=Q(profile__in=Profile.values)
            ),
            models.CheckConstraint(
                name="grant_basis_is_known", condition=Q(basis__in=Basis.values)
            ),
            models.CheckConstraint(
                name="grant_has_a_beginning",
                condition=Q(valid__isempty=False, valid__lower_inf=False),
            ),
            models.CheckConstraint(
                name="grant_to_see_a_part_lets_nobody_work",
                condition=Q(profile=Profile.FULL)
                | Q(profile=Profile.HEADER, basis=Basis.OWNER)
                | Q(level=Level.VIEW),
            ),
            ExclusionConstraint(
                name="grant_on_one_basis_is_not_given_twice",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("basis", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(user=None),
            ),
            ExclusionConstraint(
                name="grant_to_a_person_is_not_given_twice",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("basis", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.basis} {self.case_id}"


class CaseAccess(models.Model):
    """Which cases an organisation can see now, with what lists sort and filter by.

    A narrow projection of the grants, written by triggers alone and covered by its indexes:
    lists and exact counts read these and never the cases. `level`, `profile` and `basis` are of
    the strongest grant when the row was last written: they are for sorting and for show. What
    a member may do is asked of the grants themselves.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="access", db_index=False)
    level = models.SmallIntegerField(choices=Level)
    profile = models.CharField(max_length=12, choices=Profile)
    basis = models.CharField(max_length=12, choices=Basis)
    #: The end of the last grant; far in the future when there is none.
    valid_until = models.DateTimeField()
    status = models.CharField(max_length=8, choices=CaseStatus)
    priority = models.CharField(max_length=8, choices=Priority)
    opened_at = models.DateTimeField()
    next_deadline_on = models.DateField(null=True)
    care_region = models.ForeignKey(
        "geography.CareRegion", models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[CaseAccessQuerySet] = CaseAccessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_stands_once_for_a_case_and_a_reader",
                fields=["case", "organisation", "user"],
                include=["valid_until"],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                name="access_newest_first",
                fields=["organisation", "basis", "status", "-opened_at", "case"],
                include=["valid_until", "user", "level", "priority", "next_deadline_on"],
            ),
            models.Index(
                name="access_next_deadline_first",
                fields=["organisation", "basis", "status", "next_deadline_on", "case"],
                include=["valid_until", "user", "level", "priority", "opened_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} sees {self.case_id}"
