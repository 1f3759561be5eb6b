"""Reads of the rules and of what they decided; each begins with `visible_to`.

The policies of migration 0001 say the same again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from referral.organisations.permissions import Permission
from signals.routing.workflow import SetStatus

if TYPE_CHECKING:
    from datetime import datetime

    from referral.organisations.models import Membership
    from signals.routing.models import (
        BrokenRule,
        Call,
        Decision,
        DryRun,
        Patience,
        Rule,
        RuleSet,
        Shift,
    )


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def visible_to(self, member: Membership) -> Self:
        """All versions for who reads the rules; the one in use for who reports, because it
        decides on what they send in the same transaction.
        """
        if member.may(Permission.ROUTING_READ):
            return self.all()
        if member.may(Permission.SIGNAL_SUBMIT):
            return self.filter(status=SetStatus.ACTIVE)
        return self.none()

    def newest_first(self) -> Self:
        return self.order_by("-version")

    def in_use(self) -> Self:
        return self.filter(status=SetStatus.ACTIVE)

    def drafts(self) -> Self:
        return self.filter(status=SetStatus.DRAFT)

    def with_names(self) -> Self:
        return self.select_related("made_by", "activated_by")


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, member: Membership) -> Self:
        """With the version that they belong to."""
        if member.may(Permission.ROUTING_READ):
            return self.all()
        if member.may(Permission.SIGNAL_SUBMIT):
            return self.filter(rule_set__status=SetStatus.ACTIVE)
        return self.none()

    def in_use(self) -> Self:
        """In the order in which they are asked."""
        return self.filter(rule_set__status=SetStatus.ACTIVE).in_order()

    def in_order(self) -> Self:
        return self.select_related("rule_set", "service").order_by("number")


class RoutedQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre all; a service those that sent a signal to it."""
        if member.may(Permission.SIGNAL_READ_ALL):
            return self.all()
        if member.may(Permission.SIGNAL_READ_ORGANISATION):
            return self.filter(service=member.organisation_id)
        return self.none()

    def with_rule(self) -> Self:
        return self.select_related("rule__rule_set", "service")


class BrokenRuleQuerySet(models.QuerySet["BrokenRule"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if member.may(Permission.ROUTING_READ) else self.none()


class DryRunQuerySet(models.QuerySet["DryRun"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, which reads every signal that is counted here."""
        return self.all() if member.may(Permission.SIGNAL_TRIAGE) else self.none()

    def newest_of(self, rule_set: RuleSet) -> Self:
        return self.filter(rule_set=rule_set).order_by("-ordered_at", "-pk")


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, member: Membership) -> Self:
        """Who reports calls who is on call, in the same transaction; the sweeper the next."""
        return self.all() if _calls(member) else self.none()

    def on_call_at(self, moment: datetime) -> Self:
        """Line by line; who no longer works there is not called."""
        there = self.filter(during__contains=moment, member__valid__contains=moment)
        return there.select_related("member__user").order_by("line")

    def ends_after(self, moment: datetime) -> Self:
        return self.filter(during__endswith__gt=moment)


class PatienceQuerySet(models.QuerySet["Patience"]):
    def visible_to(self, member: Membership) -> Self:
        return self.all() if _calls(member) else self.none()


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, and the sweeper, which calls the next."""
        permissions = (Permission.SIGNAL_READ_ALL, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()


def _calls(member: Membership) -> bool:
    permissions = (Permission.SIGNAL_SUBMIT, Permission.DEADLINE_SWEEP)
    return any(map(member.may, permissions))
