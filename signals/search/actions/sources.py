"""Where the words of a signal come from: one closed list. A new source is one function in it.

A source reads as the one who asks: the index reads all of it, and a page only what its reader
may see. Who adds one lets `baken.watch_for_search` watch its table, in a migration of this room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet, TextChoices, Value
from django.db.models.functions import JSONObject
from django.utils.translation import override

from referral.access.models import DataKey
from referral.access.secrets import unseal
from referral.organisations.models import Membership
from signals.actions import merging, parking, questions
from signals.actions.deepening import about_deepening
from signals.actions.intake import about_narrative
from signals.actions.items import entry_of
from signals.actions.triage import about_judgement
from signals.models import (
    AgeGroup,
    Amendment,
    Channel,
    Deepening,
    DeepeningAnswer,
    Exploitation,
    Item,
    Judgement,
    Merging,
    Parking,
    PlaceKind,
    Question,
    Sex,
    Signal,
    SignalNarrative,
    WorldRegion,
)
from signals.querysets import SignalQuerySet
from signals.rules import Said

LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one signal; `desk` when only the expert centre reads them.

    Of the weights A is the reference, B what people wrote, C the words of codes, D the desk's.
    """

    signal: UUID
    weight: str
    words: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Pieces:
    """What was written after the narrative, in the order in which it was; of amendments and
    deepenings the last of each signal. Rows with their key, their signal and what is sealed.
    """

    amendments: Sequence[Amendment] = ()
    deepenings: Sequence[Deepening] = ()
    questions: Sequence[Question] = ()
    judgements: Sequence[Judgement] = ()
    parkings: Sequence[Parking] = ()
    mergings: Sequence[Merging] = ()
    items: Sequence[Item] = ()


#: The kinds of pieces in their order, each with its sealed columns.
SEALED: dict[type[Model], tuple[str, ...]] = {
    Amendment: ("sealed",),
    Deepening: ("sealed",),
    Question: ("sealed", "answer"),
    Judgement: ("motivation",),
    Parking: ("sealed",),
    Merging: ("sealed",),
    Item: ("sealed",),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Signals whose words are read together, with the keys that open them, and by whom."""

    signals: Mapping[UUID, Signal]
    keys: Mapping[UUID, DataKey]
    narratives: Mapping[UUID, SignalNarrative]
    pieces: Pieces
    by: Membership


Source = Callable[[Batch], Iterable[Text]]


def codes(batch: Batch) -> Iterator[Text]:
    """The reference, whole and as its number, and the coded answers in both languages."""
    for pk in batch.narratives:
        signal = batch.signals[pk]
        number = signal.reference.rpartition("-")[2]
        yield Text(pk, "A", f"{signal.reference} {number} {number.lstrip('0')}")
        labels = [
            label(kind, code, language)
            for kind, code in coded(signal)
            for language in LANGUAGES
        ]  # fmt: skip
        yield Text(
            pk, "C", " ".join([*labels, place_of(signal), signal.reporter_organisation.name])
        )


def coded(signal: Signal) -> Iterator[tuple[type[TextChoices], str]]:
    yield from ((Exploitation, form) for form in signal.forms)
    yield PlaceKind, signal.place_kind
    yield Sex, signal.sex
    yield AgeGroup, signal.age_group
    yield Channel, signal.channel
    if signal.world_region:
        yield WorldRegion, signal.world_region


@cache
def label(kind: type[TextChoices], code: str, language: str) -> str:
    with override(language):
        return str(kind(code).label)


def place_of(signal: Signal) -> str:
    place = signal.municipality
    return f"{place.name} {place.safety_region.name}" if place else ""


def narrative(batch: Batch) -> Iterator[Text]:
    """What was seen, as the last amendment says it, and the loose facts of a file or a partner."""
    last = {row.signal_id: row for row in batch.pieces.amendments}
    for pk, row in batch.narratives.items():
        first = unseal(bytes(row.sealed), key=row.key, about=about_narrative(batch.signals[pk]))
        now = last.get(pk)
        said = unseal(bytes(now.sealed), key=row.key, about=now.about) if now else first
        yield Text(pk, "B", str(said["facts"]))
        own = Said.from_payload(said.get("said"), ())
        yield Text(pk, "B", " ".join(own.answers.values()))
        details = first["details"]
        if isinstance(details, dict):
            yield Text(pk, "B", " ".join(in_words(value) for value in details.values()))


def named(batch: Batch) -> Iterator[Text]:
    """Whom and what the signal names; what an amendment took away no longer."""
    for row in batch.pieces.items:
        answers = entry_of(row, batch.keys[row.signal_id]).answers
        yield Text(row.signal_id, "B", " ".join(answers.values()))


def in_words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def deepenings(batch: Batch) -> Iterator[Text]:
    """The last revision of what was added: what a later one left out is not found."""
    last = {row.pk: row for row in batch.pieces.deepenings}
    for pk, row in last.items():
        said = unseal(bytes(row.sealed), key=batch.keys[row.signal_id], about=about_deepening(pk))
        yield Text(row.signal_id, "B", str(said["facts"]))
        yield Text(row.signal_id, "B", str(said["interpretation"]))
    answers = DeepeningAnswer.objects.visible_to(batch.by).filter(deepening__in=last)
    for answer in answers.select_related("indicator").order_by("indicator__code"):
        shown = answer.indicator
        signal = last[answer.deepening_id].signal_id
        yield Text(signal, "C", f"{shown.code} {shown.text_nl} {shown.text_en}")


def asked(batch: Batch) -> Iterator[Text]:
    """Questions to the reporter, with the answers."""
    for row in batch.pieces.questions:
        yield Text(row.signal_id, "B", " ".join(questions.words_of(row, batch.keys[row.signal_id])))


def judgements(batch: Batch) -> Iterator[Text]:
    """Why the expert centre decided as it did."""
    for row in batch.pieces.judgements:
        said = unseal(bytes(row.motivation), key=batch.keys[row.pk], about=about_judgement(row.pk))
        yield Text(row.pk, "D", str(said["motivation"]), desk=True)


def parkings(batch: Batch) -> Iterator[Text]:
    """What the expert centre waits or waited for."""
    for row in batch.pieces.parkings:
        yield Text(row.signal_id, "D", parking.reason_of(row, batch.keys[row.signal_id]), desk=True)


def mergings(batch: Batch) -> Iterator[Text]:
    """Why two signals are the same; of those that were taken apart no longer."""
    for row in batch.pieces.mergings:
        yield Text(row.signal_id, "D", merging.reason_of(row, batch.keys[row.signal_id]), desk=True)


#: What is shown of a signal that was found.
STORIES: tuple[Source, ...] = (narrative, deepenings, asked, judgements, parkings, mergings)
#: What is found besides, and not shown.
OTHERS: tuple[Source, ...] = (codes, named)
#: What is indexed. The order is that of the phrases, and tells nothing of the weight.
SOURCES: tuple[Source, ...] = (*OTHERS, *STORIES)


def with_words(signals: SignalQuerySet, *, by: Membership) -> SignalQuerySet:
    """These signals with what a line of a list shows, and with every sealed word that `by` may
    read of them: all in the one statement that asks for them.
    """
    ours = {"signal": OuterRef("pk")}
    found: tuple[QuerySet[Any], ...] = (
        Amendment.objects.visible_to(by).filter(**ours).order_by("-number")[:1],
        Deepening.objects.visible_to(by).filter(**ours).order_by("-number")[:1],
        Question.objects.visible_to(by).filter(**ours),
        Judgement.objects.visible_to(by).filter(**ours),
        Parking.objects.visible_to(by).filter(**ours),
        Merging.objects.visible_to(by).open().filter(**ours),
        Item.objects.visible_to(by).current().filter(**ours),
    )
    first, *others = (
        rows.values_list(JSONObject(kind=Value(kind.__name__), pk="pk", **{n: n for n in names}))
        for rows, (kind, names) in zip(found, SEALED.items(), strict=True)
    )
    return (
        signals.with_names()
        .select_related("narrative__key", "municipality__safety_region")
        .annotate(pieces=ArraySubquery(first.union(*others, all=True)))
    )


def batch_of(signals: Iterable[Signal], *, by: Membership) -> Batch:
    """What all sources read of signals that came `with_words`."""
    rows = {signal.pk: signal for signal in signals}
    narratives = {pk: one.narrative for pk, one in rows.items() if hasattr(one, "narrative")}
    keys = {pk: row.key for pk, row in narratives.items()}
    return Batch(rows, keys, narratives, _pieces_of(rows[pk] for pk in narratives), by)


def _pieces_of(signals: Iterable[Signal]) -> Pieces:
    made: dict[str, list[Any]] = {kind.__name__: [] for kind in SEALED}
    kinds = {kind.__name__: kind for kind in SEALED}
    for signal in signals:
        for row in signal.pieces:  # type: ignore[attr-defined]
            kind = kinds[row["kind"]]
            words = {name: _bytes(row[name]) for name in SEALED[kind]}
            made[row["kind"]].append(kind(pk=UUID(row["pk"]), signal_id=signal.pk, **words))
    return Pieces(*(sorted(rows, key=lambda row: row.pk) for rows in made.values()))


def _bytes(written: str | None) -> bytes | None:
    """Bytes as PostgreSQL writes them in JSON."""
    return None if written is None else bytes.fromhex(written.removeprefix("\\x"))


def texts_of(batch: Batch, *, sources: Sequence[Source] = SOURCES) -> dict[UUID, list[Text]]:
    """The words of each signal that its reader may read."""
    texts: dict[UUID, list[Text]] = {pk: [] for pk in batch.signals}
    for source in sources:
        for text in source(batch):
            texts[text.signal].append(text)
    return texts
