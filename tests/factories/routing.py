"""Rules as they come about: begun, written, tried and taken into use by a coordinator."""

from datetime import timedelta

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from signals.routing.actions import (
    activate_rules,
    begin_version,
    count_on,
    order_dry_run,
    plan_shift,
    write_rules,
)
from signals.routing.models import RuleSet, Shift
from signals.routing.rules import Wish
from tests.factories.people import make_member


def draft_of(
    *rules: tuple[dict[str, str], Organisation | None], by: Membership | None = None
) -> RuleSet:
    """A draft with these rules, and the expert centre for the rest."""
    by = by or make_member(Role.EMM_COORDINATOR)
    wishes = [Wish(conditions=conditions, service=service) for conditions, service in rules]
    with acting(by, purpose="test"):
        draft = begin_version(by=by, at=timezone.now())
        return write_rules(draft, wishes, by=by, at=timezone.now())


def rules_in_use(
    *rules: tuple[dict[str, str], Organisation | None], by: Membership | None = None
) -> RuleSet:
    """These rules are taken into use, after a dry run."""
    by = by or make_member(Role.EMM_COORDINATOR)
    draft = draft_of(*rules, by=by)
    with acting(by, purpose="test"):
        count_on(order_dry_run(draft, by=by, at=timezone.now()), by=by)
        return activate_rules(draft, by=by, at=timezone.now())


def shift_of(
    member: Membership, *, by: Membership, line: int = 1, hours_from_now: int = 0
) -> Shift:
    """A colleague is on call for eight hours."""
    now = timezone.now()
    begin = now + timedelta(hours=hours_from_now)
    with acting(by, purpose="test"):
        return plan_shift(
            member, line=line, begin=begin, end=begin + timedelta(hours=8), by=by, at=now
        )
