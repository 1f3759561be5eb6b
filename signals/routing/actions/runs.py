"""Dry runs: where the signals of the last twelve months would go by a draft, and go now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.models import Signal
from signals.querysets import SignalQuerySet
from signals.routing.models import DryRun, Rule, RuleSet
from signals.routing.rules import Choice, Codes, check_draft, check_manages, choose
from signals.routing.workflow import RunStatus

YEAR = timedelta(days=365)
#: A worker counts a part in well under a second.
SIGNALS_IN_A_PART = 1000
ASKED = (
    "forms", "reporter_type", "place_kind", "municipality_id", "minors", "danger", "channel",
)  # fmt: skip


@transaction.atomic
def order_dry_run(rule_set: RuleSet, *, by: Membership, at: datetime) -> DryRun:
    """Begin to count; count_on does the work, here or in a worker."""
    check_manages(by)
    check_draft(rule_set)
    run = DryRun.objects.create(
        rule_set=rule_set,
        against=RuleSet.objects.visible_to(by).in_use().first(),
        ordered_at=at,
        ordered_by=by.user,
        member=by,
    )
    run.total = _signals(run, by=by).count()
    run.save(update_fields=["total"])
    record("routing_dry_run_ordered", by=by, at=at, on=rule_set)
    return run


def hand_to_worker(run: DryRun) -> None:
    """Ask a worker to go on, after the commit."""
    arguments = [str(run.pk), run.member_id]
    transaction.on_commit(
        lambda: current_app.send_task(
            "signals.routing.tasks.count_on", args=arguments, retry=False, ignore_result=True
        ),
        robust=True,
    )


@transaction.atomic
def count_on(run: DryRun, *, by: Membership) -> DryRun:
    """Count one part more; position and counts commit together."""
    found = DryRun.objects.visible_to(by).select_for_update(of=["self"])
    run = found.select_related("rule_set", "against").get(pk=run.pk)
    if not run.under_way:
        return run
    signals = _signals(run, by=by).order_by("pk").only("pk", *ASKED)
    part = list((signals.filter(pk__gt=run.last) if run.last else signals)[:SIGNALS_IN_A_PART])
    moves, taken = Counter(run.moves), Counter(run.taken)
    draft, now = _rules(run.rule_set, by=by), _rules(run.against, by=by)
    draft_codes, now_codes = Codes(draft), Codes(now)
    for signal in part:
        then = choose(draft, draft_codes, signal)
        moves[f"{_place(choose(now, now_codes, signal))}>{_place(then)}"] += 1
        taken[str(then.rule.number if then.rule else 0)] += 1
    run.moves, run.taken = dict(moves), dict(taken)
    run.position += len(part)
    run.last = part[-1].pk if part else run.last
    if len(part) < SIGNALS_IN_A_PART:
        # Signals are never taken away, but one may come in late with a moment of this year.
        run.status, run.total = RunStatus.DONE, run.position
    run.total = max(run.total, run.position)
    run.save(update_fields=["moves", "taken", "position", "last", "status", "total"])
    return run


@transaction.atomic
def newest_run(rule_set: RuleSet, *, by: Membership, at: datetime) -> DryRun | None:
    """The newest dry run of a draft; the look is recorded."""
    record("routing_dry_run_opened", by=by, at=at, on=rule_set)
    found = DryRun.objects.visible_to(by).newest_of(rule_set)
    return found.select_related("against", "rule_set").first()


def _signals(run: DryRun, *, by: Membership) -> SignalQuerySet:
    signals = Signal.objects.visible_to(by)
    return signals.received_in(run.ordered_at - YEAR, run.ordered_at)


def _rules(rule_set: RuleSet | None, *, by: Membership) -> Sequence[Rule]:
    if rule_set is None:
        return []
    return list(Rule.objects.visible_to(by).in_order().filter(rule_set=rule_set))


def _place(choice: Choice) -> str:
    """The service by its key, or nothing for the expert centre."""
    return str(choice.service_id or "")
