from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.cases.models.case import Case
from referral.cases.models.codes import DeclineReason, HandoffReason, Section
from referral.cases.querysets import HandoffPackageQuerySet, HandoffQuerySet
from referral.cases.workflow import (
    ANSWERED,
    OPEN_HANDOFF,
    TAKEN_OVER,
    UNANSWERED,
    HandoffStatus,
    Side,
)
from referral.lib.ids import uuid7
from referral.lib.versions import mark_of
from referral.organisations.models import Membership

#: A draft that is thrown away never had a package.
BEFORE_AN_OFFER = (HandoffStatus.DRAFT, HandoffStatus.WITHDRAWN)


class Handoff(models.Model):
    """One organisation asks another to take a case over (overdracht).

    Until the receiver accepts, the sender stays responsible. The status changes only by
    referral.cases.actions, along workflow.HANDOFF_MOVES. A draft is seen by its own side alone,
    and has no package yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="handoffs")
    from_organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    to_organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    care_region = models.ForeignKey(
        "geography.CareRegion", models.PROTECT, related_name="+", verbose_name=_("care region")
    )
    status = models.CharField(
        _("status"), max_length=14, choices=HandoffStatus, default=HandoffStatus.OFFERED
    )
    reason = models.CharField(_("reason"), max_length=24, choices=HandoffReason)
    decline_reason = models.CharField(
        _("reason of refusal"), max_length=16, choices=DeclineReason, blank=True
    )
    sections = ArrayField(
        models.CharField(max_length=12, choices=Section), verbose_name=_("what goes along")
    )
    #: SHA-256 of the canonical JSON of the package, in hexadecimal.
    package_hash = models.CharField(max_length=64, blank=True)
    #: Which package of this case it is: the first, the second.
    version = models.PositiveSmallIntegerField(default=1)
    #: The key of the person, for what both sides write before the receiver sees who it is. Named
    #: without a constraint: it may be destroyed, and then nobody reads those words any more.
    key = models.ForeignKey(
        DataKey, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, null=True
    )
    warm_meeting_on = models.DateField(_("meeting to hand over"), null=True, blank=True)
    victim_informed = models.BooleanField(_("the person is informed"))
    answer_due_on = models.DateField(_("answer before"))
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey("organisations.User", models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the clock does, and when; the days follow from HandoffTerm whenever the turn changes.
    remind_on = models.DateField(null=True, blank=True)
    escalate_on = models.DateField(null=True, blank=True)
    expire_on = models.DateField(_("ends unanswered after"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    #: The meeting was not written down as held, and both sides were told so.
    unmet_told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    met_on = models.DateField(_("day on which the coordinators met"), null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        "organisations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[HandoffQuerySet] = HandoffQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")
        constraints = [
            models.CheckConstraint(
                name="handoff_status_is_known", condition=Q(status__in=HandoffStatus.values)
            ),
            models.CheckConstraint(
                name="handoff_is_not_to_itself",
                condition=~Q(from_organisation=F("to_organisation")),
            ),
            models.CheckConstraint(
                name="handoff_sections_are_known",
                condition=Q(sections__contained_by=Section.values, sections__len__gt=0),
            ),
            models.CheckConstraint(
                name="handoff_package_has_a_hash",
                condition=Q(package_hash__regex=r"^[0-9a-f]{64}$")
                | Q(package_hash="", status__in=BEFORE_AN_OFFER),
            ),
            models.CheckConstraint(
                name="handoff_answer_has_time_and_name",
                condition=Q(
                    status__in=ANSWERED, answered_at__isnull=False, answered_by__isnull=False
                )
                | Q(status__in=UNANSWERED, answered_at=None, answered_by=None),
            ),
            models.CheckConstraint(
                name="handoff_is_declined_with_a_reason",
                condition=Q(status=HandoffStatus.DECLINED, decline_reason__in=DeclineReason.values)
                | Q(~Q(status=HandoffStatus.DECLINED), decline_reason=""),
            ),
            # Nobody is passed on like a parcel: the coordinators meet, with a date.
            models.CheckConstraint(
                name="handoff_is_accepted_with_a_meeting",
                condition=~Q(status__in=TAKEN_OVER) | Q(warm_meeting_on__isnull=False),
            ),
            models.CheckConstraint(
                name="handoff_is_completed_by_someone_after_the_meeting",
                condition=Q(
                    status=HandoffStatus.COMPLETED,
                    met_on__isnull=False,
                    completed_at__isnull=False,
                    completed_by__isnull=False,
                )
                | Q(
                    ~Q(status=HandoffStatus.COMPLETED),
                    met_on=None,
                    completed_at=None,
                    completed_by=None,
                ),
            ),
            models.CheckConstraint(
                name="handoff_in_review_has_a_reviewer",
                condition=Q(reviewed_at=None, reviewed_by=None) & ~Q(status=HandoffStatus.IN_REVIEW)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="case_is_handed_off_to_one_at_a_time",
                fields=["case"],
                condition=Q(status__in=UNANSWERED),
            ),
            models.UniqueConstraint(
                name="handoff_packages_are_numbered", fields=["case", "version"]
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_organisation", "status", "-offered_at"], name="handoff_in_newest_first"
            ),
            models.Index(
                fields=["from_organisation", "status", "-offered_at"],
                name="handoff_out_newest_first",
            ),
            models.Index(
                fields=["expire_on"],
                name="handoff_on_the_clock",
                condition=Q(status__in=UNANSWERED),
            ),
        ]

    def __str__(self) -> str:
        return f"Handoff {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("cases:handoff", args=[self.pk])

    @property
    def section_labels(self) -> list[str]:
        return [str(Section(section).label) for section in self.sections]

    @property
    def hash_groups(self) -> list[str]:
        """The hash in groups of eight, to be read aloud and to fit on a phone."""
        return [self.package_hash[start : start + 8] for start in range(0, 64, 8)]

    @property
    def is_draft(self) -> bool:
        return self.status == HandoffStatus.DRAFT

    @property
    def draft_mark(self) -> str:
        """The sign of a draft as somebody kept it last."""
        return mark_of(self.pk, self.offered_at, self.offered_by_id)

    @property
    def is_on_offer(self) -> bool:
        return self.status in OPEN_HANDOFF

    def side_of(self, member: Membership) -> Side | None:
        """Where the member's organisation stands; None for everyone who is not a party."""
        if self.from_organisation_id == member.organisation_id:
            return Side.SENDER
        if self.to_organisation_id == member.organisation_id:
            return Side.RECEIVER
        return None


class HandoffPackage(models.Model):
    """What was handed over, word for word, sealed (overdrachtspakket).

    The sender reads it as long as it reads the case, the receiver from acceptance.
    """

    handoff = models.OneToOneField(
        Handoff, models.PROTECT, primary_key=True, related_name="package"
    )
    sealed = models.BinaryField()

    objects: ClassVar[HandoffPackageQuerySet] = HandoffPackageQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"Package of {self.handoff_id}"
