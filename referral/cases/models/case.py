from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.cases.models.codes import ClosureReason, Need, NextStep, Outcome, Priority
from referral.cases.querysets import CaseQuerySet
from referral.cases.workflow import OPEN_CASE, CaseStatus, Side
from referral.lib.ids import uuid7
from referral.lib.versions import mark_of
from referral.organisations.models import Membership
from referral.persons.models import AgeGroup


class Case(models.Model):
    """The care for one presumed victim, and who is responsible for it (casus).

    This row is the header: codes, dates and opaque keys, nothing that identifies. Who the
    person is, what was written and what was agreed stand in tables with policies of their own.
    It changes only by referral.cases.actions, along workflow.CASE_MOVES; the owner changes only
    to the organisation to which the case is on offer, and only by that organisation's deed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    person = models.ForeignKey("persons.Person", models.PROTECT, related_name="cases")
    registration = models.OneToOneField(
        "registrations.Registration", models.PROTECT, related_name="case"
    )
    owner_organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    offered_to = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Since when owner, offer and status are as they are. The grants follow this clock.
    standing_since = models.DateTimeField()
    coordinator = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    care_region = models.ForeignKey(
        "geography.CareRegion", models.PROTECT, related_name="+", verbose_name=_("care region")
    )
    status = models.CharField(
        _("status"), max_length=8, choices=CaseStatus, default=CaseStatus.INTAKE
    )
    priority = models.CharField(
        _("priority"), max_length=8, choices=Priority, default=Priority.NORMAL
    )
    needs = ArrayField(
        models.CharField(max_length=16, choices=Need), verbose_name=_("needs"), default=list
    )
    age_group = models.CharField(_("age group"), max_length=8, blank=True)
    next_step = models.CharField(_("next step"), max_length=20, choices=NextStep, blank=True)
    next_step_by = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    next_deadline_on = models.DateField(_("deadline"), null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closure_reason = models.CharField(
        _("reason of closure"), max_length=24, choices=ClosureReason, blank=True
    )
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)
    person_informed = models.BooleanField(_("the person is informed"), null=True, blank=True)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                name="case_reference_is_case_year_number",
                condition=Q(reference__regex=r"^CASE-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(
                name="case_status_is_known", condition=Q(status__in=CaseStatus.values)
            ),
            models.CheckConstraint(
                name="case_priority_is_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="case_needs_are_known", condition=Q(needs__contained_by=Need.values)
            ),
            models.CheckConstraint(
                name="open_case_has_a_next_step_and_who_has_it",
                condition=Q(
                    status__in=OPEN_CASE,
                    next_step__in=NextStep.values,
                    next_step_by__isnull=False,
                )
                | Q(status=CaseStatus.CLOSED, next_step="", next_step_by=None),
            ),
            models.CheckConstraint(
                name="case_in_intake_is_on_offer_to_a_coordinator",
                condition=~Q(status=CaseStatus.INTAKE) | Q(offered_to__isnull=False),
            ),
            models.CheckConstraint(
                name="active_case_is_not_on_offer_to_its_owner",
                condition=~Q(status=CaseStatus.ACTIVE, offered_to=F("owner_organisation")),
            ),
            models.CheckConstraint(
                name="case_on_offer_is_not_closed",
                condition=~Q(status=CaseStatus.CLOSED) | Q(offered_to=None),
            ),
            models.CheckConstraint(
                name="accepted_case_has_time_and_name",
                condition=Q(status=CaseStatus.INTAKE, accepted_at=None, accepted_by=None)
                | Q(
                    ~Q(status=CaseStatus.INTAKE),
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="closed_case_has_time_name_and_reason",
                condition=Q(
                    status=CaseStatus.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    closure_reason__in=ClosureReason.values,
                    outcome__in=Outcome.values,
                    person_informed__isnull=False,
                )
                | Q(
                    ~Q(status=CaseStatus.CLOSED),
                    closed_at=None,
                    closed_by=None,
                    closure_reason="",
                    outcome="",
                    person_informed=None,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="case_by_person"),
            models.Index(fields=["status", "-opened_at"], name="case_by_status_newest_first"),
            models.Index(
                fields=["offered_to", "next_deadline_on"],
                name="case_on_offer",
                condition=Q(offered_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.pk])

    def part_url(self, slug: str) -> str:
        """The page with this part of it open."""
        return f"{self.get_absolute_url()}?open={slug}#{slug}"

    @property
    def step_mark(self) -> str:
        """The sign of what comes next, who has it and before which day."""
        return mark_of(self.next_step, self.next_step_by_id, self.next_deadline_on)

    @property
    def need_labels(self) -> list[str]:
        return [str(Need(need).label) for need in self.needs]

    @property
    def age_label(self) -> str:
        return str(AgeGroup(self.age_group).label) if self.age_group else ""

    def side_of(self, member: Membership) -> Side | None:
        """Where the member's organisation stands; None for everyone who is not a party."""
        if self.offered_to_id == member.organisation_id:
            return Side.RECEIVER
        if self.owner_organisation_id == member.organisation_id:
            return Side.OWNER
        return None
