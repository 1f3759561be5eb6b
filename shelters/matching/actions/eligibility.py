"""The only writer of what types of shelter ask."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.audit.actions import record
from referral.organisations.models import Membership
from shelters.lists.rules import read_lists
from shelters.matching.models import EligibilityRule
from shelters.matching.rules.refusals import NewRule, check_rule


@transaction.atomic
def set_rule(rule: NewRule, *, by: Membership, at: datetime) -> EligibilityRule:
    """From a day on a type of shelter asks this, or no longer. Raises MatchRefused."""
    with connection.cursor() as cursor:  # of two at once the second finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('eligibility rules'))")
    standing = EligibilityRule.objects.visible_to(by).filter(
        shelter_type=rule.shelter_type, demand=rule.demand, valid__upper_inf=True
    )
    current = standing.first()
    check_rule(rule, current, read_lists(by=by), today=timezone.localdate(at))
    if current is not None:
        current.valid = DateRange(current.valid.lower, rule.since)
        current.save(update_fields=["valid"])
        record("eligibility_rule_ended", on=current, by=by, at=at)
        return current
    made = EligibilityRule(
        shelter_type=rule.shelter_type,
        demand=rule.demand,
        citation=rule.citation.strip(),
        valid=DateRange(rule.since, None),
    )
    made.save(force_insert=True)
    record("eligibility_rule_added", on=made, by=by, at=at)
    return made
