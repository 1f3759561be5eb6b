"""Versions of the rules: begun as a copy, edited as a draft, taken into use as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.routing.models import DryRun, Rule, RuleSet
from signals.routing.rules import (
    RoutingRefused,
    Wish,
    check_activate,
    check_draft,
    check_manages,
    check_wishes,
)
from signals.routing.workflow import Goal, SetStatus


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """A version with its rules in order, and its newest dry run."""

    rule_set: RuleSet
    rules: tuple[Rule, ...]
    run: DryRun | None

    @property
    def run_is_of_this_draft(self) -> bool:
        """Nothing was changed since it was counted."""
        return self.run is not None and self.run.ordered_at >= self.rule_set.changed_at


@transaction.atomic
def list_versions(*, by: Membership, at: datetime) -> list[RuleSet]:
    """Every version, the newest first; the look is recorded."""
    found = list(RuleSet.objects.visible_to(by).with_names().newest_first())
    record("routing_versions_listed", by=by, at=at, ids=[rule_set.pk for rule_set in found])
    return found


@transaction.atomic
def open_version(rule_set: RuleSet, *, by: Membership, at: datetime) -> OpenedVersion:
    """One version with its rules; the look is recorded."""
    record("routing_version_opened", by=by, at=at, on=rule_set)
    rules = Rule.objects.visible_to(by).in_order().select_related("rule_set", "service", "broken")
    run = DryRun.objects.visible_to(by).newest_of(rule_set).select_related("against").first()
    return OpenedVersion(rule_set, tuple(rules.filter(rule_set=rule_set)), run)


@transaction.atomic
def begin_version(*, like: RuleSet | None = None, by: Membership, at: datetime) -> RuleSet:
    """Begin a draft as a copy of another version, or with the last rule alone.

    Raises RoutingRefused when there is a draft already.
    """
    check_manages(by)
    _take_turns()
    sets = RuleSet.objects.visible_to(by)
    if sets.drafts().exists():
        raise RoutingRefused(_("There is a draft already. Go on with that one."))
    last = sets.aggregate(last=Max("version"))["last"] or 0
    draft = RuleSet.objects.create(
        version=last + 1, made_at=at, made_by=by.user, changed_at=at, changed_by=by.user
    )
    copied = Rule.objects.visible_to(by).in_order().filter(rule_set=like) if like else []
    wishes = [
        Wish(conditions=rule.conditions, service=rule.service)
        for rule in copied
        if not rule.is_default
    ]
    _replace(draft, wishes)
    record("routing_version_begun", by=by, at=at, on=draft)
    return draft


@transaction.atomic
def write_rules(
    rule_set: RuleSet, wishes: Sequence[Wish], *, by: Membership, at: datetime
) -> RuleSet:
    """Write the rules of a draft anew, in this order; the last one is always the expert centre's.

    Raises RoutingRefused for a version that is no draft, and for a rule that cannot be one.
    """
    check_manages(by)
    rule_set = _locked(rule_set, by=by)
    check_draft(rule_set)
    check_wishes(wishes)

    _replace(rule_set, wishes)
    rule_set.changed_at, rule_set.changed_by = at, by.user
    rule_set.save(update_fields=["changed_at", "changed_by"])
    record("routing_rules_written", by=by, at=at, on=rule_set)
    return rule_set


@transaction.atomic
def activate_rules(
    rule_set: RuleSet, *, seen: datetime | None = None, by: Membership, at: datetime
) -> RuleSet:
    """Take a draft into use; the version before it retires in the same moment.

    `seen` is when the draft was last changed, as the page showed it. Raises RoutingRefused, see
    check_activate.
    """
    check_manages(by)
    _take_turns()
    rule_set = _locked(rule_set, by=by)
    rules = list(Rule.objects.visible_to(by).in_order().filter(rule_set=rule_set))
    run = DryRun.objects.visible_to(by).newest_of(rule_set).first()
    check_activate(rule_set, rules, run, seen=seen)

    for earlier in RuleSet.objects.visible_to(by).in_use():
        earlier.status, earlier.retired_at, earlier.retired_by = SetStatus.RETIRED, at, by.user
        earlier.save(update_fields=["status", "retired_at", "retired_by"])
        record("routing_version_retired", by=by, at=at, on=earlier)
    rule_set.status, rule_set.activated_at, rule_set.activated_by = SetStatus.ACTIVE, at, by.user
    rule_set.save(update_fields=["status", "activated_at", "activated_by"])
    record("routing_version_activated", by=by, at=at, on=rule_set)
    return rule_set


def _replace(rule_set: RuleSet, wishes: Sequence[Wish]) -> None:
    Rule.objects.filter(rule_set=rule_set).delete()
    rules = [
        Rule(
            rule_set=rule_set,
            number=number,
            conditions=dict(wish.conditions),
            goal=wish.goal,
            service=wish.service,
        )
        for number, wish in enumerate(wishes, start=1)
    ]
    rules.append(Rule(rule_set=rule_set, number=len(wishes) + 1, goal=Goal.VIA_EMM))
    Rule.objects.bulk_create(rules)


def _locked(rule_set: RuleSet, *, by: Membership) -> RuleSet:
    return RuleSet.objects.visible_to(by).select_for_update().get(pk=rule_set.pk)


def _take_turns() -> None:
    """Two coordinators who begin or take into use at one moment do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('versions of the rules'))")
