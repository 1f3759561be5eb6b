"""Which signals may belong with one: by the keys that they share, and by what surrounds them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.links.models import SURROUNDINGS, Dismissal, Link, LinkWeights
from signals.links.querysets import equal_keys, key_rows
from signals.links.rules import Meeting, Reason, Suggestion, meetings
from signals.models import ItemKey, Merging, Offshoot, PlaceKind, Signal
from signals.workflow import Status

#: So many are shown; of those that share surroundings only, so many.
SHOWN, WEAK = 10, 3
HALF_A_WEEK = timedelta(days=3, hours=12)


@transaction.atomic(savepoint=False)
def list_suggestions(signal: Signal, *, by: Membership, at: datetime) -> list[Suggestion]:
    """What the expert centre sees beside a signal; the trail gets the ids shown."""
    found = suggestions_of(signal, weights=weights_at(at, by=by), by=by)
    if found:
        shown = [suggestion.signal.pk for suggestion in found]
        record("signal_suggestions_shown", by=by, at=at, on=signal, ids=shown)
    return found


def weights_at(moment: datetime, *, by: Membership) -> LinkWeights:
    """The version in force; there always is one."""
    return LinkWeights.objects.visible_to(by).in_force_at(moment).get()


def suggestions_of(
    signal: Signal, *, weights: LinkWeights, by: Membership, surroundings: bool = True
) -> list[Suggestion]:
    """The signals that this member may see and that may belong with this one, the likeliest
    first. At most nine statements, whatever there is; part of deeds that are recorded.
    """
    met = met_by_keys(signal, weights, by=by)
    if surroundings and weights.surroundings:
        met = _with_surroundings(met, signal, weights, by=by)
    if not met:
        return []
    settled = _settled(signal, met, by=by)
    left = [meeting for other, meeting in met.items() if other not in settled]
    best = sorted(left, key=lambda meeting: (-meeting.score, meeting.other))[:SHOWN]
    signals = (
        Signal.objects.visible_to(by)
        .exclude(status=Status.WITHDRAWN)
        .with_names()
        .in_bulk([meeting.other for meeting in best])
    )
    return [
        Suggestion(
            signals[meeting.other],
            meeting.reasons,
            meeting.score,
            strong=meeting.score >= weights.strong,
        )
        for meeting in best
        if meeting.other in signals
    ]


def met_by_keys(signal: Signal, weights: LinkWeights, *, by: Membership) -> dict[UUID, Meeting]:
    """Two statements: what the signal names, and who else names one of these."""
    keys = ItemKey.objects.visible_to(by)
    own = key_rows(keys.of([signal]))
    others = equal_keys(keys.exclude(signal=signal), (row.hmac for row in own))
    return meetings(own, others, weights)


def _with_surroundings(
    met: dict[UUID, Meeting], signal: Signal, weights: LinkWeights, *, by: Membership
) -> dict[UUID, Meeting]:
    """A weak reason more, and a few signals that share this only."""
    if signal.municipality_id is None or signal.place_kind == PlaceKind.UNKNOWN:
        return met
    around = Signal.objects.visible_to(by).filter(
        municipality=signal.municipality_id,
        place_kind=signal.place_kind,
        forms__overlap=signal.forms,
        created_at__range=(signal.created_at - HALF_A_WEEK, signal.created_at + HALF_A_WEEK),
    )
    near = around.exclude(pk=signal.pk).newest_first()[: SHOWN + WEAK]
    ids = list(near.values_list("pk", flat=True))
    reason = Reason(SURROUNDINGS, weights.surroundings)
    both = {
        other: Meeting(other, (*meeting.reasons, reason) if other in ids else meeting.reasons,
                       meeting.newest)
        for other, meeting in met.items()
    }  # fmt: skip
    alone = [other for other in ids if other not in met][:WEAK]
    return both | {other: Meeting(other, (reason,)) for other in alone}


def _settled(signal: Signal, met: dict[UUID, Meeting], *, by: Membership) -> set[UUID]:
    """Of which it is known already: linked, joined, split from one report, or not the same."""
    links = Link.objects.visible_to(by).standing().about(signal)
    pairs = [*links.values_list("first_id", "second_id")]
    mergings = Merging.objects.visible_to(by).open()
    joined = mergings.filter(signal=signal) | mergings.filter(into=signal)
    pairs += joined.values_list("signal_id", "into_id")
    family = Offshoot.objects.visible_to(by).family_of(signal)
    pairs += family.values_list("signal_id", "origin_id")
    settled = {one for pair in pairs for one in pair}
    dismissals = Dismissal.objects.visible_to(by).about(signal)
    for pk, first, second in dismissals.values_list("pk", "first_id", "second_id"):
        other = second if first == signal.pk else first
        # Ids grow with time: what both name since then was not looked at yet.
        newest = met[other].newest if other in met else None
        if newest is None or newest < pk:
            settled.add(other)
    return settled
