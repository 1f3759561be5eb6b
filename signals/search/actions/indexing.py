"""Keeping the index: what changed is read, blinded and written again, in the order of commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.models import Signal
from signals.search.actions.blinding import Blinds, lexemes_of, vector
from signals.search.actions.sources import Text, batch_of, texts_of, with_words
from signals.search.models import SearchEntry, StaleSignal

#: Changes that one transaction takes in.
BATCH = 500
#: One at a time keeps the index, or an older reading could be written over a newer one.
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('search.index'))"
COPIED = ("reporter_organisation_id", "reporter_type", "created_by_id", "municipality_id")


@transaction.atomic
def index_changes(*, by: Membership, at: datetime) -> int:
    """Take in the oldest changes, and tell how many; 0 when there are none or another is at it.

    May run twice and be killed at any moment: a change is gone when its words stand in the index.
    """
    if not by.may(Permission.SIGNAL_INDEX):
        raise PermissionDenied(_("Your role does not keep the search index."))
    if not _alone():
        return 0
    changes = list(StaleSignal.objects.visible_to(by).order_by("pk")[:BATCH])
    if not changes:
        return 0
    found = Signal.objects.visible_to(by).filter(pk__in={one.signal_id for one in changes})
    signals = list(with_words(found, by=by))
    entries = _entries(signals, texts_of(batch_of(signals, by=by)))
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["signal", "desk"],
        update_fields=["municipality", "words"],
    )
    StaleSignal.objects.visible_to(by).filter(pk__in=[one.pk for one in changes]).delete()
    record("signals_indexed", by=by, at=at, ids=[signal.pk for signal in signals])
    return len(changes)


@transaction.atomic
def mark_all_stale(*, by: Membership, at: datetime) -> int:
    """Every signal is to be indexed again: after a new source, or with another key."""
    if not by.may(Permission.SIGNAL_INDEX):
        raise PermissionDenied(_("Your role does not keep the search index."))
    keys = list(Signal.objects.visible_to(by).values_list("pk", flat=True))
    StaleSignal.objects.bulk_create((StaleSignal(signal_id=pk) for pk in keys), batch_size=5000)
    record("search_index_renewed", by=by, at=at)
    return len(keys)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        return bool(cursor.fetchone() == (True,))


def _entries(
    signals: Sequence[Signal], texts: Mapping[UUID, Sequence[Text]]
) -> Iterator[SearchEntry]:
    """Two for each signal: without the words of the desk, and with them."""
    flat = [text for signal in signals for text in texts[signal.pk]]
    lexemes = dict(zip(map(id, flat), lexemes_of([text.words for text in flat]), strict=True))
    blinds = Blinds()
    for signal in signals:
        copied = {name: getattr(signal, name) for name in COPIED}
        for desk in (False, True):
            read = [text for text in texts[signal.pk] if desk or not text.desk]
            words = vector(((text.weight, lexemes[id(text)]) for text in read), blinds)
            yield SearchEntry(signal=signal, desk=desk, words=words, **copied)
