"""Reads of links, and of the keys in which signals meet; the policies of 0001 say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from signals.querysets.signal import readable_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from referral.organisations.models import Membership
    from signals.links.models import Dismissal, Link, LinkWeights, NewKeys, Telling
    from signals.models import Signal
    from signals.querysets import ItemKeyQuerySet

#: The reporter's side hears of links of this kind only: it made the split itself.
SPLIT = "split"
#: A value that more signals than this share says nothing about two of them.
MOST = 200


class KeyRow(NamedTuple):
    """That one signal names something. The ids of keys grow with time."""

    signal: UUID
    kind: str
    hmac: bytes
    key: UUID


def key_rows(keys: ItemKeyQuerySet) -> list[KeyRow]:
    return [_row(values) for values in keys.values_list(*_COLUMNS)]


def equal_keys(keys: ItemKeyQuerySet, hashes: Iterable[bytes]) -> list[KeyRow]:
    """The rows with one of these hashes, in one statement that looks each up in the index.

    Of a hash that more than MOST rows share it gives MOST + 1, so that the caller sees that.
    """
    each = [keys.filter(hmac=one).values_list(*_COLUMNS)[: MOST + 1] for one in sorted(set(hashes))]
    if not each:
        return []
    rows = each[0].union(*each[1:], all=True) if each[1:] else each[0]
    return [_row(values) for values in rows]


_COLUMNS = ("signal_id", "kind", "hmac", "pk")


def _row(values: tuple[Any, ...]) -> KeyRow:
    signal, kind, hmac, key = values
    return KeyRow(signal, kind, bytes(hmac), key)


def pair_of(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two signals in the order in which a pair is written."""
    return (one, other) if one < other else (other, one)


def one_of(signal: Signal | UUID) -> Q:
    """Either of the two is this signal."""
    return Q(first=signal) | Q(second=signal)


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre and the sweeper all; who reads both signals sees that they were
        split from one report.
        """
        if member.may(Permission.SIGNAL_JUDGE) or member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        signals: Any = self.model._meta.get_field("first").related_model
        readable = signals._default_manager.filter(readable_by(member))
        return self.filter(kind=SPLIT, ended_at=None, first__in=readable, second__in=readable)

    def about(self, signal: Signal | UUID) -> Self:
        return self.filter(one_of(signal))

    def between(self, one: UUID, other: UUID) -> Self:
        first, second = pair_of(one, other)
        return self.filter(first=first, second=second)

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def with_signals(self) -> Self:
        return self.select_related("first", "second", "made_by", "ended_by")

    def in_order(self) -> Self:
        return self.order_by("made_at", "pk")


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, and the sweeper, which does not suggest it again."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def about(self, signal: Signal | UUID) -> Self:
        return self.filter(one_of(signal))


class TellingQuerySet(models.QuerySet["Telling"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, and the sweeper, which tells."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()


class LinkWeightsQuerySet(models.QuerySet["LinkWeights"]):
    def visible_to(self, member: Membership) -> Self:
        """Whoever is shown suggestions: who reports, the expert centre, and the sweeper."""
        reads = (Permission.SIGNAL_SUBMIT, Permission.SIGNAL_TRIAGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, reads)) else self.none()

    def in_force_at(self, moment: datetime) -> Self:
        return self.filter(valid__contains=moment)

    def in_order(self) -> Self:
        return self.order_by("version")


class NewKeysQuerySet(models.QuerySet["NewKeys"]):
    def visible_to(self, member: Membership) -> Self:
        """The sweeper, which looks at them and takes them away."""
        return self.all() if member.may(Permission.DEADLINE_SWEEP) else self.none()
