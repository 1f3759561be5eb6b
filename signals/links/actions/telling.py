"""Who has a signal is told, once, when another one seems to belong with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from signals.links.actions.suggesting import suggestions_of
from signals.links.models import Telling
from signals.links.querysets import pair_of
from signals.models import ItemKey, Signal

#: So many signals at once, those taken up last first.
MOST_AT_ONCE = 1000


@transaction.atomic
def tell_handlers(*, by: Membership, at: datetime) -> int:
    """Tell the handler of each signal of a strong suggestion; gives the number of new pairs.

    What stands among the tellings is not told again, however often this runs.
    """
    named = ItemKey.objects.visible_to(by).values("signal")
    handled = Signal.objects.visible_to(by).exclude(taken_up_by=None).filter(pk__in=named)
    with_names = handled.with_names().order_by("-taken_up_at", "pk")[:MOST_AT_ONCE]
    pairs = {
        pair_of(signal.pk, suggestion.signal.pk): (signal, suggestion.signal)
        for signal in with_names
        for suggestion in suggestions_of(signal, by=by, surroundings=False)
        if suggestion.strong
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
        for signals in pairs.values()
        for signal in signals
        if signal.taken_up_by is not None and centre is not None
    ]
    if pairs:
        ids = [signal.pk for signals in pairs.values() for signal in signals]
        record("signal_suggestions_told", by=by, at=at, ids=ids)
        post_many(letters, at=at)
    return len(pairs)
