"""Reads of referrals; each begins with `visible_to`. The policies of migration 0001 say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from referral.cases.querysets import FULL
from referral.cases.referrals.workflow import HELPING, OPEN, ReferralStatus
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import date

    from referral.cases.referrals.models import Referral, ReferralPackage
    from referral.organisations.models import Membership

#: What the clock may see: what it must still end or remind of, and what it ended.
OF_THE_CLOCK = (*OPEN, ReferralStatus.EXPIRED)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, member: Membership) -> Self:
        """Both sides, whoever holds the full file now, and the clock what is under way."""
        seen = Q(pk__in=[])
        if member.may(Permission.REFERRAL_SEND):
            seen |= Q(from_organisation=member.organisation_id)
            grants = apps.get_model("cases.CaseGrant")._default_manager.all()
            seen |= Q(case__in=grants.opening_to(member).filter(profile=FULL).values("case"))
        if member.may(Permission.REFERRAL_RECEIVE):
            seen |= Q(to_organisation=member.organisation_id)
        if member.may(Permission.DEADLINE_SWEEP):
            seen |= Q(status__in=OF_THE_CLOCK)
        return self.filter(seen)

    def into(self, member: Membership) -> Self:
        return self.filter(to_organisation=member.organisation_id)

    def helped_with_documents(self, member: Membership) -> Self:
        """On which the organisation helps now, with documents among what went along."""
        return self.into(member).filter(status__in=HELPING, sections__contains=["documents"])

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def offered(self) -> Self:
        return self.filter(status=ReferralStatus.OFFERED)

    def answer_due_until(self, day: date) -> Self:
        return self.offered().filter(answer_due_on__lte=day)

    def contact_due_before(self, day: date) -> Self:
        return self.filter(status=ReferralStatus.ACCEPTED, contact_due_on__lt=day)

    def open_first(self) -> Self:
        """What is under way, the first answer due first; then the rest, the newest first."""
        under_way = models.Case(models.When(status__in=OPEN, then=0), default=1)
        due = models.Case(models.When(status__in=OPEN, then="answer_due_on"))
        return self.order_by(under_way, due, "-offered_at", "pk")

    def with_names(self) -> Self:
        """Everything that a line shows. Never the case: out of sight, it would hide the line."""
        return self.select_related(
            "from_organisation", "to_organisation", "care_region",
            "offered_by", "answered_by", "contacted_by", "ended_by",
        )  # fmt: skip


class CaseIsRestricted(models.Func):
    """Whether the use of the data of the person of this case is restricted now."""

    function = "baken.case_is_restricted"
    output_field = models.BooleanField()


class ReferralPackageQuerySet(models.QuerySet["ReferralPackage"]):
    def visible_to(self, member: Membership) -> Self:
        """The sender always, the receiver only while it helps."""
        seen = Q(pk__in=[])
        if member.may(Permission.REFERRAL_SEND):
            seen |= Q(referral__from_organisation=member.organisation_id)
        if member.may(Permission.REFERRAL_RECEIVE):
            seen |= Q(
                referral__to_organisation=member.organisation_id, referral__status__in=HELPING
            )
        return self.filter(seen)
