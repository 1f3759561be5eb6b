"""Everybody who waits over all places at once: asked by the desk, computed, judged line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.lib.rows import update_rows
from referral.organisations.models import Membership
from shelters.matching.actions.gathering import (
    beds_free_or_soon,
    needs_of,
    places_of,
    rules_on,
)
from shelters.matching.actions.reserving import reserve_places
from shelters.matching.models import MatchLine, MatchProposal
from shelters.matching.querysets import MatchLineQuerySet
from shelters.matching.rules import Given, Reason, Side, assign
from shelters.matching.rules.questions import as_rows, packed, unpacked
from shelters.matching.rules.refusals import MatchRefused, Pick, Verdict, check_line
from shelters.matching.workflow import LineStatus, ProposalStatus
from shelters.models import PlacementRequest
from shelters.workflow import RequestStatus

Clock = Callable[[], datetime]
#: More than wait in the whole country at one time; who is beyond it waits for the next proposal.
MOST_PEOPLE = 500


@transaction.atomic
def propose_places(*, by: Membership, at: datetime) -> MatchProposal:
    """Write down who waits and what is free; a worker computes. Raises MatchRefused.

    Who stays somewhere can be given no second bed, so that no line is proposed.
    """
    waiting = PlacementRequest.objects.visible_to(by).filter(status=RequestStatus.SUBMITTED)
    requests = list(waiting.of_who_has_no_bed().most_urgent_first()[:MOST_PEOPLE])
    if not requests:
        raise MatchRefused(_("Nobody waits for a place."))
    needs = needs_of(requests, by=by)
    places = places_of(beds_free_or_soon(at, by=by), by=by, at=at)
    proposal = MatchProposal(
        question=packed(needs, places, rules_on(at, by=by)),
        people=len(needs),
        places=len(places),
        ordered_at=at,
        ordered_by=by.user,
    )
    proposal.save(force_insert=True)
    ids = [request.pk for request in requests]
    record("places_proposal_ordered", on=proposal, by=by, at=at, ids=ids)
    wake(proposal.pk)
    return proposal


def wake(proposal: UUID) -> None:
    """Ask a worker, after the commit. If the broker is away, the sweep finds it later."""
    transaction.on_commit(
        lambda: current_app.send_task(
            "shelters.matching.tasks.compute",
            args=[str(proposal)],
            retry=False,
            ignore_result=True,
        ),
        robust=True,
    )


def compute_proposal(pk: UUID, *, by: Membership, clock: Clock) -> None:
    """Compute one proposal, with nothing but its question; done twice it is done once."""
    question = _question(pk, by=by)
    if question is None:
        return
    needs, places, rules = unpacked(question)
    given = assign(needs, places, rules, lambda percent: _progress(pk, percent, by=by))
    _keep(pk, given, by=by, at=clock())


@transaction.atomic
def _question(pk: UUID, *, by: Membership) -> dict[str, object] | None:
    proposal = MatchProposal.objects.visible_to(by).computing().filter(pk=pk).first()
    return None if proposal is None else proposal.question


@transaction.atomic
def _progress(pk: UUID, percent: int, *, by: Membership) -> None:
    MatchProposal.objects.visible_to(by).computing().filter(pk=pk).update(progress=percent)


@transaction.atomic
def _keep(pk: UUID, given: Sequence[Given], *, by: Membership, at: datetime) -> None:
    proposals = MatchProposal.objects.visible_to(by).computing().filter(pk=pk)
    proposal = proposals.select_for_update().first()
    if proposal is None:
        return  # another delivery of this task was first
    MatchLine.objects.bulk_create(
        [
            MatchLine(
                proposal=proposal,
                number=number,
                request_id=UUID(one.need.key),
                bed_id=UUID(one.match.place.key) if one.match else None,
                reasons=as_rows(one.match.reasons if one.match else why_not(one)),
            )
            for number, one in enumerate(given, start=1)
        ],
        batch_size=1000,
    )
    proposal.status, proposal.question = ProposalStatus.READY, {}
    proposal.progress, proposal.computed_at = 100, at
    proposal.save(update_fields=["status", "question", "progress", "computed_at"])
    record("places_proposed", on=proposal, by=by, at=at)


def why_not(given: Given) -> list[Reason]:
    """Of who gets no place: that others came first, or what would have to change."""
    if given.possible:
        return [Reason(Side.AGAINST, "taken")]
    return [Reason(Side.HARD, code, str(number)) for code, number in given.obstacles]


@transaction.atomic
def open_proposal(
    proposal: MatchProposal, *, by: Membership, at: datetime
) -> tuple[MatchProposal, list[MatchLine]]:
    """A proposal with its lines. Raises MatchProposal.DoesNotExist when it is not for them."""
    proposal = MatchProposal.objects.visible_to(by).defer("question").get(pk=proposal.pk)
    lines = list(_lines(by).filter(proposal=proposal))
    ids = [line.request_id for line in lines]
    record("places_proposal_opened", on=proposal, by=by, at=at, ids=ids)
    return proposal, lines


def _lines(by: Membership) -> MatchLineQuerySet:
    return MatchLine.objects.visible_to(by).with_names()


def decide_line(
    line: MatchLine, *, follow: bool, reason: str = "", by: Membership, at: datetime
) -> MatchLine:
    """One line; see decide_lines."""
    return decide_lines([Verdict(line=line, follow=follow, reason=reason)], by=by, at=at)[0]


@transaction.atomic
def decide_lines(verdicts: Sequence[Verdict], *, by: Membership, at: datetime) -> list[MatchLine]:
    """Follow a line, which reserves its bed as things stand now, or leave it."""
    keys = [verdict.line.pk for verdict in verdicts]
    held = {
        line.pk: line
        for line in _lines(by).filter(pk__in=keys).select_for_update(of=["self"]).order_by("pk")
    }
    if not held.keys() >= set(keys):
        raise MatchLine.DoesNotExist
    picks = []
    for verdict in verdicts:
        line = held[verdict.line.pk]
        check_line(line)
        if verdict.follow and line.bed is not None:
            picks.append(Pick(request=line.request, bed=line.bed, reason=verdict.reason))
        line.status = LineStatus.ACCEPTED if verdict.follow else LineStatus.DECLINED
        line.decided_at, line.decided_by = at, by.user
    reserve_places(picks, by=by, at=at)
    update_rows(list(held.values()), ["status", "decided_at", "decided_by"])
    lines = [
        Line(action="proposed_place_followed", on=held[verdict.line.pk])
        if verdict.follow
        else Line(action="proposed_place_declined", on=held[verdict.line.pk])
        for verdict in verdicts
    ]
    record_many(lines, by=by, at=at)
    return [held[key] for key in keys]


@transaction.atomic
def silent_proposals(*, by: Membership, before: datetime) -> list[UUID]:
    """Those that a worker lost, or that never reached one."""
    found = MatchProposal.objects.visible_to(by).computing().filter(ordered_at__lt=before)
    return list(found.values_list("pk", flat=True))
