"""Whom and what a signal names: sealed row by row, and hashed so that signals can meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from referral.access.models import DataKey
from referral.access.secrets import blind_index, seal, unseal
from referral.organisations.models import Membership
from signals.models import Item, ItemKey, Signal
from signals.rules import ItemEntry, Said, item_keys, row_without_unasked

ROWS = 1000


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """One row, unsealed."""

    item: Item
    entry: ItemEntry


def write_items(
    signals: Iterable[tuple[Signal, Sequence[ItemEntry], DataKey]],
    *,
    came_in: int = 0,
    at: datetime | None = None,
    by: Membership | None = None,
) -> list[Item]:
    """Write what each signal names, in two statements however many there are.

    In another's name never: without `by` and `at` it came with the signal itself.
    """
    items, keys = [], []
    for signal, entries, key in signals:
        counts: dict[str, int] = {}
        for entry in entries:
            position = counts[entry.kind] = counts.get(entry.kind, 0) + 1
            item = Item(
                signal=signal,
                kind=entry.kind,
                position=position,
                role=entry.role,
                sex=entry.sex,
                came_in=came_in,
                added_at=at or signal.created_at,
                added_by_id=by.user_id if by else signal.created_by_id,
            )
            item.sealed = seal(_payload(entry), key=key, about=item.about)
            items.append(item)
            keys += new_keys(item, entry)
    if items:
        Item.objects.bulk_create(items, batch_size=ROWS)
    if keys:
        ItemKey.objects.bulk_create(keys, batch_size=ROWS)
    return items


def forget_names(opened: Iterable[OpenedItem], now: Said, key: DataKey, *, by: Membership) -> None:
    """Seal rows that left anew, without what must not be known after consent was taken back."""
    for one in opened:
        entry = row_without_unasked(one.entry, now)
        if entry != one.entry:
            sealed = seal(_payload(entry), key=key, about=one.item.about)
            Item.objects.visible_to(by).filter(pk=one.item.pk).update(sealed=sealed)


def new_keys(item: Item, entry: ItemEntry) -> list[ItemKey]:
    """The hashes have keys of their own: no hash of the care side is ever equal to one of these."""
    return [
        ItemKey(
            signal_id=item.signal_id,
            item=item,
            kind=kind,
            hmac=blind_index(f"signal_{kind}", value),
        )
        for kind, value in sorted(item_keys(entry))
    ]


def opened_items(signal: Signal, *, key: DataKey, by: Membership) -> tuple[OpenedItem, ...]:
    """Every row, those that an amendment took away too. Part of open_signal, which records it."""
    found = Item.objects.visible_to(by).of(signal).in_order()
    return tuple(OpenedItem(item, entry_of(item, key)) for item in found)


def _payload(entry: ItemEntry) -> dict[str, object]:
    return {"answers": dict(entry.answers), "absent": dict(entry.absent)}


def entry_of(item: Item, key: DataKey) -> ItemEntry:
    said = unseal(bytes(item.sealed), key=key, about=item.about)
    answers, absent = said["answers"], said["absent"]
    return ItemEntry(
        kind=item.kind,
        answers=answers if isinstance(answers, dict) else {},
        absent=absent if isinstance(absent, dict) else {},
    )
