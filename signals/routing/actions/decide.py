"""New signals get their decision, in a few statements however many they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.models import Signal
from signals.routing.models import Rule
from signals.routing.rules import SERVICES, Choice, Codes, choose

# One parameter for however many rows; nothing is read back, because who reports does not read
# where the signal went.
DECIDE = """
INSERT INTO routing_decision (signal_id, rule_id, goal, service_id, fault, because)
SELECT row.* FROM json_to_recordset(%s::json) AS row (
    signal_id uuid, rule_id bigint, goal text, service_id bigint, fault text, because jsonb)
"""
BREAK = """
INSERT INTO routing_brokenrule (rule_id, fault, found_at) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING
"""


def route_signals(signals: Sequence[Signal], *, by: Membership, at: datetime) -> None:
    """Decide where new signals go, tell the services, and raise an alarm for a broken rule.

    Part of signals.actions.submit_signals, in its transaction: no signal stands without its
    decision.
    """
    if not signals:
        return
    rules = list(Rule.objects.visible_to(by).in_use())
    codes = Codes(rules)
    chosen = [(signal, choose(rules, codes, signal)) for signal in signals]
    with connection.cursor() as cursor:
        cursor.execute(DECIDE, [json.dumps([_row(*one) for one in chosen])])
    post_many(_letters(chosen), at=at)
    broken = {choice.rule.pk: choice for _signal, choice in chosen if choice.rule and choice.fault}
    for choice in broken.values():
        _report(choice, by=by, at=at)


def _row(signal: Signal, choice: Choice) -> dict[str, object]:
    return {
        "signal_id": str(signal.pk),
        "rule_id": choice.rule.pk if choice.rule else None,
        "goal": choice.goal,
        "service_id": choice.service_id,
        "fault": choice.fault,
        "because": choice.because,
    }


def _letters(chosen: Sequence[tuple[Signal, Choice]]) -> list[Letter]:
    return [
        Letter(
            kind=Kind.SIGNAL_ROUTED,
            to=choice.rule.service,
            role=SERVICES[choice.rule.service.type],
            on=signal,
            at=signal.created_at,
            urgent=signal.danger or signal.minors,
        )
        for signal, choice in chosen
        if choice.service_id and choice.rule and choice.rule.service
    ]


def _report(choice: Choice, *, by: Membership, at: datetime) -> None:
    """Who mends the rules and who keeps the platform are told once of each broken rule."""
    rule = choice.rule
    if rule is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(BREAK, [rule.pk, choice.fault, at])
        if cursor.rowcount == 0:
            return
    record("routing_rule_broken", by=by, at=at, on=rule.rule_set, result="failed")
    told = (
        (OrganisationType.EMM, Role.EMM_COORDINATOR),
        (OrganisationType.PLATFORM, Role.PLATFORM_ADMIN),
    )
    post_many(
        [
            Letter(kind=Kind.ROUTING_ALARM, to=to, role=role, on=rule.rule_set, urgent=True)
            for kind, role in told
            if (to := Organisation.objects.of_type(kind).first()) is not None
        ],
        at=at,
    )
