"""The only writer of legal rules: a change is the next version of a rule, from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.sharing.matrix.models import LegalRule
from referral.sharing.matrix.rules import RuleRefused, check_can_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A rule as it should be from now on."""

    place: int
    outcome: str
    citation: str
    words_nl: str
    words_en: str
    basis: str = ""
    confirmed: bool = False
    sharers: Sequence[str] = field(default_factory=list)
    aims: Sequence[str] = field(default_factory=list)
    recipients: Sequence[str] = field(default_factory=list)
    ages: Sequence[str] = field(default_factory=list)


@transaction.atomic
def write_rule(
    code: str,
    wish: Wish,
    *,
    reason: str,
    version: int = 0,
    by: Membership,
    at: datetime,
) -> LegalRule:
    """Write the next version of a rule, or a rule that is new, in force from now on.

    `version` is the one that the page showed, 0 for a new rule. Raises RuleRefused when it was
    changed meanwhile, or another rule stands in its place.
    """
    check_can_change(by)
    _take_turns()
    if not reason.strip():
        raise RuleRefused(reason=_("Write down why the rule changes."))
    before = LegalRule.objects.of_code(code).first()
    if (before.version if before else 0) != version:
        raise RuleRefused(_("A colleague has changed this rule. Look at it again."))
    others = LegalRule.objects.in_force().exclude(code=code)
    if other := others.filter(place=wish.place).first():
        raise RuleRefused(
            place=_("Place %(place)s is taken by “%(code)s”. Choose another number.")
            % {"place": wish.place, "code": other.code}
        )
    if before is not None and before.in_force:
        _end(before, at)
    rule = LegalRule.objects.create(
        code=code,
        version=version + 1,
        reason=reason.strip(),
        valid=DateTimeTZRange(at, None),
        **asdict(wish),
    )
    record("legal_rule_written", on=rule, by=by, at=at, details={"rule": str(rule)})
    return rule


@transaction.atomic
def end_rule(code: str, *, reason: str, version: int, by: Membership, at: datetime) -> LegalRule:
    """From now on this rule is asked no more; what it decided stays as it was."""
    check_can_change(by)
    _take_turns()
    rule = LegalRule.objects.of_code(code).first()
    if rule is None or not rule.in_force or rule.version != version:
        raise RuleRefused(_("A colleague has changed this rule. Look at it again."))
    if not reason.strip():
        raise RuleRefused(reason=_("Write down why the rule ends."))
    _end(rule, at)
    record(
        "legal_rule_ended",
        on=rule,
        by=by,
        at=at,
        details={"rule": str(rule), "reason": reason.strip()},
    )
    return rule


def _end(rule: LegalRule, at: datetime) -> None:
    rule.valid = DateTimeTZRange(rule.valid.lower, at)
    rule.save(update_fields=["valid"])


def _take_turns() -> None:
    """Of two officers at once the second finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('legal rules'))")
