"""Who has a signal is told, once, when another one seems to belong with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from signals.links.actions.suggesting import suggestions_of, weights_at
from signals.links.models import NewKeys, Telling
from signals.links.querysets import pair_of
from signals.models import ItemKey, Signal

#: So many signals at once: those taken up last first, and those with new keys, the oldest first.
MOST_AT_ONCE = 1000
NEW_AT_ONCE = 100


@transaction.atomic
def tell_handlers(*, by: Membership, at: datetime) -> int:
    """Tell the handler of each signal of a strong suggestion; gives the number of new pairs.

    What stands among the tellings is not told again, however often this runs. It finds what
    was nobody's yet when its keys came in.
    """
    named = ItemKey.objects.visible_to(by).values("signal")
    handled = Signal.objects.visible_to(by).exclude(taken_up_by=None).filter(pk__in=named)
    with_names = handled.with_names().order_by("-taken_up_at", "pk")[:MOST_AT_ONCE]
    return _tell_of(list(with_names), by=by, at=at)


@transaction.atomic
def tell_of_new_keys(*, by: Membership, at: datetime) -> bool:
    """Look at the signals that named something new since the last time, and tell the handlers of
    those they resemble; False when there were none. A worker that dies has done nothing.
    """
    waiting = NewKeys.objects.visible_to(by).select_for_update(skip_locked=True)
    rows = list(waiting.order_by("pk")[:NEW_AT_ONCE])
    if not rows:
        return False
    new = Signal.objects.visible_to(by).filter(pk__in={row.signal_id for row in rows})
    _tell_of(list(new.with_names().order_by("pk")), by=by, at=at)
    NewKeys.objects.visible_to(by).filter(pk__in=[row.pk for row in rows]).delete()
    return True


def _tell_of(signals: list[Signal], *, by: Membership, at: datetime) -> int:
    weights = weights_at(at, by=by)
    pairs = {
        pair_of(signal.pk, suggestion.signal.pk): (signal, suggestion.signal)
        for signal in signals
        for suggestion in suggestions_of(signal, weights=weights, by=by, surroundings=False)
        if suggestion.strong and (signal.taken_up_by or suggestion.signal.taken_up_by)
    }
    told = Telling.objects.visible_to(by).filter(first__in=[first for first, _second in pairs])
    for pair in told.values_list("first_id", "second_id"):
        pairs.pop(pair, None)
    Telling.objects.bulk_create(
        [Telling(first_id=a, second_id=b, told_at=at, told_by=by.user) for a, b in pairs]
    )
    centre = Organisation.objects.of_type(OrganisationType.EMM).first()
    letters = [
        Letter(kind=Kind.SIGNAL_RESEMBLES, to=centre, user=signal.taken_up_by, on=signal, at=at)
        for both in pairs.values()
        for signal in both
        if signal.taken_up_by is not None and centre is not None
    ]
    if pairs:
        ids = [signal.pk for both in pairs.values() for signal in both]
        record("signal_suggestions_told", by=by, at=at, ids=ids)
        post_many(letters, at=at)
    return len(pairs)
