"""A bed for a request, weighed once more; what speaks against it is passed with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from referral.audit.actions import Line, record, record_many
from referral.organisations.models import Membership
from shelters.actions import reserve_beds
from shelters.matching.actions.gathering import (
    beds_free_or_soon,
    needs_of,
    places_of,
    rules_on,
    soon_left,
)
from shelters.matching.models import Override
from shelters.matching.rules import Match, ranked, weigh
from shelters.matching.rules.assignment import obstacles
from shelters.matching.rules.refusals import Pick, check_override
from shelters.models import Bed, Placement, PlacementRequest
from shelters.rules import Choice

LINES = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Places for one request, and what keeps others away: each reason with a number of places."""

    matches: Sequence[Match] = field(default_factory=list)
    fitting: int = 0
    obstacles: Sequence[tuple[str, int]] = field(default_factory=list)


@transaction.atomic
def suggest_places(request: PlacementRequest, *, by: Membership, at: datetime) -> Suggestion:
    """Free and nearly free beds, the best first, with reasons; the same for the same input."""
    [need] = needs_of([request], by=by)
    left = soon_left(at, by=by, but=request.person_id)
    places = places_of(beds_free_or_soon(at, by=by, left=left), by=by, at=at, left=left)
    found = ranked(need, places, rules_on(at, by=by))
    shown = found[:LINES]
    record("beds_suggested", on=request, by=by, at=at, ids=[match.place.key for match in shown])
    return Suggestion(shown, sum(not match.hard for match in found), obstacles(found))


def reserve_place(
    request: PlacementRequest, *, bed: Bed, reason: str = "", by: Membership, at: datetime
) -> Placement:
    """One bed; see reserve_places."""
    return reserve_places([Pick(request=request, bed=bed, reason=reason)], by=by, at=at)[0]


@transaction.atomic
def reserve_places(picks: Sequence[Pick], *, by: Membership, at: datetime) -> list[Placement]:
    """Keep these beds, weighed as things stand now; raises MatchRefused without a reason.

    One after the other, so that of two who must be kept apart the second finds the first.
    """
    choose_alone()
    rules = rules_on(at, by=by)
    made = []
    for pick in picks:
        [need] = needs_of([pick.request], by=by)
        beds = Bed.objects.visible_to(by).filter(pk=pick.bed.pk).with_names()
        for place in places_of(beds, by=by, at=at):
            match = weigh(need, place, rules)
            check_override(match, pick.reason)
            [placement] = reserve_beds([Choice(request=pick.request, bed=pick.bed)], by=by, at=at)
            made.append((placement, match, pick.reason))
    keep_overrides(made, by=by, at=at)
    return [placement for placement, _match, _reason in made]


def choose_alone() -> None:
    """Nobody else chooses a place until this is committed: it is weighed by who lives where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('places are chosen'))")


def keep_overrides(
    made: Iterable[tuple[Placement, Match, str]], *, by: Membership, at: datetime
) -> None:
    """Of each placement that was made in spite of a warning: which, and why."""
    overridden = [
        Override(
            placement=placement,
            warnings=[one.code for one in match.warnings],
            reason=reason,
            set_by=by.user,
        )
        for placement, match, reason in made
        if match.warnings
    ]
    Override.objects.bulk_create(overridden)
    lines = [Line(action="warnings_overridden", on=one.placement) for one in overridden]
    record_many(lines, by=by, at=at)
