"""The reporter's side after sending: says a signal anew, makes one for each victim, withdraws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions.deepening import tell
from signals.actions.intake import ORDER, about_narrative, submit_signals
from signals.actions.items import OpenedItem, forget_names, opened_items, write_items
from signals.models import (
    AgeGroup,
    Amendment,
    Item,
    Offshoot,
    Sex,
    Signal,
    SignalNarrative,
    Withdrawal,
    WithdrawalReason,
)
from signals.rules import (
    Draft,
    ItemEntry,
    Said,
    SignalRefused,
    amendments_take_turns,
    check_amend,
    check_drafts,
    check_profiles,
    check_split,
    check_withdraw,
    check_words,
    victims_of,
    without_unasked,
)
from signals.rules.items import birth_of

#: The answers in codes that an amendment puts on the signal.
CODES = (
    "forms",
    "observed",
    "municipality_id",
    "place_kind",
    "n_victims",
    "sex",
    "age_group",
    "danger",
)
ADULT = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAmendment:
    """One change by the reporter's side, and what was said before it."""

    number: int
    at: datetime
    by: str
    reason: str
    codes: Mapping[str, Any]
    facts: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a signal says now, and everything that was said before."""

    facts: str
    details: dict[str, object]
    said: Said
    items: tuple[OpenedItem, ...]
    amendments: tuple[OpenedAmendment, ...]


@transaction.atomic
def amend_signal(
    signal: Signal, draft: Draft, *, reason: str, after: int, by: Membership, at: datetime
) -> Signal:
    """Say a signal anew; `after` is the amendment that was read before, 0 for none.

    What was said before stays on record. Persons and things that are not named any more lose
    their search keys, and who took consent back also the names of before. Raises SignalRefused for what is no signal, MoveRefused once there is an
    outcome or when a colleague was first.
    """
    signal, story, key = _read(signal, by=by)
    check_amend(by, signal)
    _amend(signal, story, draft, key, reason=reason, after=after, by=by, at=at)
    record("signal_amended", by=by, at=at, on=signal)
    tell(Kind.SIGNAL_AMENDED, signal, by=by, at=at)
    return signal


@transaction.atomic
def split_signal(
    signal: Signal, *, persons: Sequence[UUID], by: Membership, at: datetime
) -> list[Signal]:
    """Make a signal of its own for each of these presumed victims, with the same facts.

    The others stay in the first signal, and all are linked to it. Sent again it is refused: who
    has a signal of their own is not named in the first one any more.
    """
    signal, story, key = _read(signal, by=by)
    chosen = check_split(by, signal, [one.item for one in story.items], persons)
    current = [one for one in story.items if one.item.left_in is None]
    own = {victim.pk for victim in victims_of([one.item for one in current])}
    shared = [one.entry for one in current if one.item.pk not in own]
    entries = {one.item.pk: one.entry for one in current}
    drafts = [_draft_for(signal, story, entries[item.pk], shared, at=at) for item in chosen]
    made = submit_signals(drafts, by=by, at=at)

    gone = {item.pk for item in chosen}
    left = [one for one in current if one.item.pk not in gone]
    rest = _draft_without(signal, story, [one for one in left if one.item.pk in own], at=at)
    rest = replace(rest, said=replace(story.said, items=[one.entry for one in left]))
    names = ", ".join(one.reference for one in made)
    reason = _("Signals of their own: %s.") % names
    after = len(story.amendments)
    _amend(signal, story, rest, key, reason=reason, after=after, by=by, at=at)
    Offshoot.objects.bulk_create(
        Offshoot(signal=one, origin=signal, item=item)
        for one, item in zip(made, chosen, strict=True)
    )
    record("signal_split", by=by, at=at, on=signal, ids=[one.pk for one in made])
    tell(Kind.SIGNAL_AMENDED, signal, by=by, at=at)
    return made


@transaction.atomic
def withdraw_signal(
    signal: Signal, *, reason: WithdrawalReason, explanation: str, by: Membership, at: datetime
) -> Signal:
    """Take a signal back while nobody has decided on it; the expert centre hears of it."""
    signal, _story, key = _read(signal, by=by)
    check_withdraw(by, signal)
    explanation = check_words(
        explanation, answer="explanation", empty=_("Write down why you take it back.")
    )
    withdrawal = Withdrawal(signal=signal, reason=reason, withdrawn_at=at, withdrawn_by=by.user)
    withdrawal.sealed = seal({"explanation": explanation}, key=key, about=withdrawal.about)
    with amendments_take_turns():
        withdrawal.save(force_insert=True)
    signal.refresh_from_db(fields=["status", "outcome", "outcome_at", "version"])
    record("signal_withdrawn", by=by, at=at, on=signal)
    tell(Kind.SIGNAL_WITHDRAWN, signal, by=by, at=at)
    return signal


def opened_story(signal: Signal, narrative: SignalNarrative, *, by: Membership) -> Story:
    """What a signal says now, unsealed. Part of open_signal, which records the look."""
    key = narrative.key
    first = unseal(bytes(narrative.sealed), key=key, about=about_narrative(signal))
    rows = list(Amendment.objects.visible_to(by).of(signal))
    payloads = [unseal(bytes(row.sealed), key=key, about=row.about) for row in rows]
    items = opened_items(signal, key=key, by=by)
    last = payloads[-1] if payloads else first
    current = tuple(one.entry for one in items if one.item.left_in is None)
    details = first["details"]
    said = Said.from_payload(last.get("said"), current)
    return Story(
        facts=str(last["facts"]),
        details=details if isinstance(details, dict) else {},
        said=said,
        items=items,
        amendments=tuple(
            _opened(row, payload, said) for row, payload in zip(rows, payloads, strict=True)
        ),
    )


def words_of_withdrawal(withdrawal: Withdrawal, key: DataKey) -> str:
    """Why it was taken back, in words."""
    return str(unseal(bytes(withdrawal.sealed), key=key, about=withdrawal.about)["explanation"])


def _read(signal: Signal, *, by: Membership) -> tuple[Signal, Story, DataKey]:
    names = Signal.objects.visible_to(by).select_related("reporter_organisation", "taken_up_by")
    signal = names.get(pk=signal.pk)
    narratives = SignalNarrative.objects.visible_to(by).select_related("key")
    narrative = narratives.get(pk=signal.pk)
    return signal, opened_story(signal, narrative, by=by), narrative.key


def _amend(
    signal: Signal,
    story: Story,
    draft: Draft,
    key: DataKey,
    *,
    reason: str,
    after: int,
    by: Membership,
    at: datetime,
) -> None:
    reason = check_words(reason, answer="reason", empty=_("Write down why you change it."))
    check_drafts([draft], [at])
    check_profiles([draft], by=by)
    left, came = changed_items(story, draft.said.items)
    codes = codes_of(draft)
    same_words = (draft.facts.strip(), draft.said.payload()) == (story.facts, story.said.payload())
    if same_words and codes == _codes(signal) and not left and not came:
        raise SignalRefused({"reason": _("You have changed nothing.")})

    amendment = Amendment(
        signal=signal, number=after + 1, added_at=at, added_by_id=by.user_id, **codes
    )
    payload = {
        "reason": reason,
        "facts": draft.facts.strip(),
        "said": draft.said.payload(),
        "before": {
            "facts": story.facts,
            "said": without_unasked(story.said, draft.said).payload(),
            "codes": {**_codes(signal), "observed": days_of(signal.observed)},
        },
    }
    amendment.sealed = seal(payload, key=key, about=amendment.about)
    with amendments_take_turns():
        amendment.save(force_insert=True)
    Item.objects.visible_to(by).filter(pk__in=[one.pk for one in left]).update(
        left_in=amendment.number
    )
    kept = [one for one in story.items if one.item.left_in or one.item in left]
    forget_names(kept, draft.said, key, by=by)
    write_items([(signal, came, key)], came_in=amendment.number, at=at, by=by)
    signal.refresh_from_db(fields=[*CODES, "version", "minors", "urgency"])


def changed_items(story: Story, entries: Sequence[ItemEntry]) -> tuple[list[Item], list[ItemEntry]]:
    """What is not named any more, and what is named anew; what is the same stays as it is."""
    came, left = list(entries), []
    for opened in story.items:
        if opened.item.left_in is None:
            if opened.entry in came:
                came.remove(opened.entry)
            else:
                left.append(opened.item)
    return left, came


def codes_of(draft: Draft) -> dict[str, Any]:
    """The answers in codes, by the columns of a signal."""
    return {
        "forms": sorted(set(draft.forms), key=ORDER.__getitem__),
        "observed": draft.observed,
        "municipality_id": draft.municipality_code or None,
        "place_kind": draft.place_kind,
        "n_victims": draft.n_victims,
        "sex": draft.sex,
        "age_group": draft.age_group,
        "danger": draft.danger,
    }


def _codes(signal: Signal) -> dict[str, Any]:
    return {name: getattr(signal, name) for name in CODES}


def days_of(period: DateRange | None) -> list[str] | None:
    """A period as it is sealed."""
    return [period.lower.isoformat(), period.upper.isoformat()] if period else None


def _draft_of(signal: Signal, story: Story) -> Draft:
    """The signal as it stands, as if it were sent now."""
    return Draft(
        forms=signal.forms,
        facts=story.facts,
        place_kind=signal.place_kind,
        danger=signal.danger,
        municipality_code=signal.municipality_id or "",
        observed=signal.observed,
        n_victims=signal.n_victims,
        sex=signal.sex,
        age_group=signal.age_group,
        channel=signal.channel,
        world_region=signal.world_region,
        details=story.details,
        said=story.said,
    )


def _draft_for(
    signal: Signal, story: Story, person: ItemEntry, shared: list[ItemEntry], *, at: datetime
) -> Draft:
    """The same facts about one person alone."""
    return replace(
        _draft_of(signal, story),
        n_victims=1,
        sex=person.sex if person.sex != Sex.MIXED else Sex.UNKNOWN,
        age_group=_age_group(person, signal.age_group, timezone.localdate(at)),
        said=replace(story.said, items=[person, *shared]),
    )


def _draft_without(
    signal: Signal, story: Story, left: Sequence[OpenedItem], *, at: datetime
) -> Draft:
    """The signal about fewer people: of a single one is known what that one's row says."""
    gone = len(victims_of([one.item for one in story.items])) - len(left)
    number = max(len(left), signal.n_victims - gone) if signal.n_victims else None
    if number == 1:
        return _draft_for(signal, story, left[0].entry, [], at=at)
    return replace(_draft_of(signal, story), n_victims=number)


def _age_group(person: ItemEntry, of_all: str, today: date) -> str:
    """By the birth year where it settles it; else what was said of all, when they are alike."""
    birth = birth_of(person.answers.get("birth", ""))
    if not birth:
        return of_all if of_all != AgeGroup.MIXED else AgeGroup.UNKNOWN
    whole = len(birth) > len("1990")
    month_and_day = birth[5:] if whole else "12-31"
    age = today.year - int(birth[:4]) - (today.isoformat()[5:] < month_and_day)
    if age >= ADULT:
        return AgeGroup.ADULT
    return AgeGroup.MINOR if whole or age < ADULT - 1 else AgeGroup.UNKNOWN


def _opened(row: Amendment, payload: Mapping[str, Any], now: Said) -> OpenedAmendment:
    before = payload["before"]
    codes = dict(before["codes"])
    if codes["observed"]:
        codes["observed"] = DateRange(*map(date.fromisoformat, codes["observed"]))
    return OpenedAmendment(
        number=row.number,
        at=row.added_at,
        by=str(row.added_by),
        reason=str(payload["reason"]),
        codes=codes,
        facts=str(before["facts"]),
        said=without_unasked(Said.from_payload(before["said"]), now),
    )
