"""The only writers of the course of a stay, and the recorded reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import Line, record, record_many
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from shelters.actions.holding import board_changed
from shelters.actions.placements import terms_at
from shelters.models import Bed
from shelters.rules import national_desk
from shelters.stays.models import Blocker, BlockerKind, Extension, Stay, StayNote
from shelters.stays.querysets import StayQuerySet
from shelters.stays.rules import (
    Longer,
    Outflow,
    StayLine,
    check_longer,
    check_move_stay,
    check_note_of_stay,
    check_outflow,
    check_planned,
    check_writes_note,
    line_of,
    nothing_asked,
)
from shelters.stays.workflow import StayStatus


@transaction.atomic
def ask_extension(longer: Longer, *, by: Membership, at: datetime) -> Extension:
    """The shelter asks the desk for a longer stay. Raises StayRefused."""
    stay = _hold(longer.stay, by=by)
    check_move_stay(by, stay, StayStatus.EXTENSION_ASKED)
    check_longer(longer)
    asked = Extension.objects.create(
        stay=stay,
        until=longer.until,
        reason=longer.reason,
        funding=longer.funding,
        asked_at=at,
        asked_by=by.user,
    )
    _write(stay, status=StayStatus.EXTENSION_ASKED)
    record("extension_asked", on=stay, by=by, at=at, ids=[asked.pk])
    _tell(Kind.EXTENSION_ASKED, [stay], by=by, at=at)
    return asked


@transaction.atomic
def decide_extension(stay: Stay, *, granted: bool, by: Membership, at: datetime) -> Extension:
    """The desk says yes or no; with a yes the stay is agreed until the later day."""
    stay = _hold(stay, by=by)
    check_move_stay(by, stay, StayStatus.STAYING)
    open_ones = Extension.objects.visible_to(by).filter(stay=stay, granted=None)
    asked: Extension | None = open_ones.select_for_update(of=["self"]).first()
    if asked is None:  # the move back is also the one that drops a planned departure
        raise nothing_asked()
    asked.granted, asked.decided_at, asked.decided_by = granted, at, by.user
    asked.save(update_fields=["granted", "decided_at", "decided_by"])
    if granted:
        _write(stay, status=StayStatus.STAYING, agreed_until=asked.until, funding=asked.funding)
        record("extension_granted", on=stay, by=by, at=at, ids=[asked.pk])
    else:
        _write(stay, status=StayStatus.STAYING)
        record("extension_declined", on=stay, by=by, at=at, ids=[asked.pk])
    _tell(Kind.EXTENSION_DECIDED, [stay], by=by, at=at)
    return asked


@transaction.atomic
def plan_outflow(outflow: Outflow, *, by: Membership, at: datetime) -> Stay:
    """Plan the departure, or plan it anew: day, destination, and what stands in the way.

    A blocker that is not named any more is lifted at this moment.
    """
    stay = _hold(outflow.stay, by=by)
    again = stay.status == StayStatus.OUTFLOW_PLANNED
    check_move_stay(by, stay, StayStatus.STAYING if again else StayStatus.OUTFLOW_PLANNED)
    check_outflow(outflow, today=timezone.localdate(at))
    _write(
        stay,
        status=StayStatus.OUTFLOW_PLANNED,
        leave_on=outflow.leave_on,
        destination=outflow.destination,
    )
    _block(stay, outflow.blockers, by=by, at=at)
    record("outflow_planned", on=stay, by=by, at=at)
    if not again:
        _tell(Kind.OUTFLOW_PLANNED, [stay], by=by, at=at)
    return stay


@transaction.atomic
def drop_outflow(stay: Stay, *, by: Membership, at: datetime) -> Stay:
    """The person stays after all; what stands in the way goes on standing there."""
    stay = _hold(stay, by=by)
    check_planned(stay)
    check_move_stay(by, stay, StayStatus.STAYING)
    _write(stay, status=StayStatus.STAYING, leave_on=None, destination="")
    record("outflow_dropped", on=stay, by=by, at=at)
    return stay


def _block(stay: Stay, wanted: Iterable[str], *, by: Membership, at: datetime) -> None:
    standing = {
        one.kind: one for one in Blocker.objects.visible_to(by).filter(stay=stay).standing()
    }
    gone = [one.pk for kind, one in standing.items() if kind not in set(wanted)]
    Blocker.objects.filter(pk__in=gone).update(lifted_at=at, lifted_by=by.user)
    new = [
        Blocker(stay=stay, kind=kind, set_at=at, set_by=by.user)
        for kind in sorted(set(wanted) - standing.keys())
    ]
    Blocker.objects.bulk_create(new)


@transaction.atomic
def write_stay_note(stay: Stay, *, words: str, by: Membership, at: datetime) -> StayNote:
    """A note of the shelter, which only the shelter reads, while the person is there."""
    stay = _hold(stay, by=by)
    check_writes_note(by, stay)
    note = StayNote(stay=stay, written_at=at, written_by=by.user)
    note.seal_words(check_note_of_stay(words), key=key_of(_case(stay, by=by)))
    note.save(force_insert=True)
    record("stay_note_written", on=stay, by=by, at=at, ids=[note.pk])
    return note


@dataclass(frozen=True, slots=True)
class ReadStay:
    """A stay as far as this reader sees it; `notes` are words with their note."""

    line: StayLine
    extensions: list[Extension]
    notes: list[tuple[StayNote, str]]


@transaction.atomic
def open_stay(stay: Stay, *, by: Membership, at: datetime) -> ReadStay:
    """One stay; the look is recorded. Raises Stay.DoesNotExist."""
    lines = _lines(Stay.objects.visible_to(by).filter(pk=stay.pk), by=by, at=at)
    if not lines:
        raise Stay.DoesNotExist
    [line] = lines
    found = line.stay
    extensions = list(Extension.objects.visible_to(by).filter(stay=found).newest_first())
    notes: list[tuple[StayNote, str]] = []
    if found.status != StayStatus.OVER:  # with the departure the shelter's sight of them ends
        written = list(StayNote.objects.visible_to(by).filter(stay=found).newest_first())
        key = key_of(_case(found, by=by)) if written else None
        notes = [(note, note.opened_words(key=key)) for note in written if key is not None]
    record("stay_opened", on=found, by=by, at=at, ids=[note.pk for note, _ in notes])
    return ReadStay(line, extensions, notes)


@transaction.atomic
def list_stays(*, by: Membership, at: datetime) -> list[StayLine]:
    """Who stays where and how long, the longest first: the weekly list. The trail gets the ids."""
    lines = _lines(Stay.objects.visible_to(by).open(), by=by, at=at)
    record("stays_listed", by=by, at=at, ids=[line.stay.pk for line in lines])
    return lines


@transaction.atomic
def keep_terms(*, by: Membership, at: datetime) -> int:
    """Tell of stays that last long or end soon; run twice it tells nothing twice."""
    found = Stay.objects.visible_to(by).select_for_update(of=["self"])
    named = found.select_related("house", "coordinator").order_by("pk")
    [terms] = terms_at([at])
    long = list(named.long_untold(at - timedelta(days=terms.long_days)))
    ending = list(named.ending_untold((at + timedelta(days=terms.near_days)).date()))
    Stay.objects.filter(pk__in=[stay.pk for stay in long]).update(long_told_at=at)
    for stay in ending:
        _write(stay, end_told_of=stay.agreed_until)
    _tell(Kind.STAY_LONG, long, by=by, at=at)
    _tell(Kind.STAY_ENDS_SOON, ending, by=by, at=at)
    lines = [
        *[Line(action="long_stay_told", on=stay) for stay in long],
        *[Line(action="end_of_stay_told", on=stay) for stay in ending],
    ]
    record_many(lines, by=by, at=at)
    return len(long) + len(ending)


def _lines(found: StayQuerySet, *, by: Membership, at: datetime) -> list[StayLine]:
    stays = list(found.with_names().longest_first())
    beds: dict[object, str] = dict(
        Bed.objects.visible_to(by)
        .filter(pk__in=[stay.placement.bed_id for stay in stays])
        .values_list("pk", "code")
    )
    blockers: dict[object, list[str]] = defaultdict(list)
    standing = Blocker.objects.visible_to(by).filter(stay__in=[stay.pk for stay in stays])
    for one in standing.standing().order_by("kind"):
        blockers[one.stay_id].append(str(BlockerKind(one.kind).label))
    [terms] = terms_at([at])
    return [
        line_of(
            stay,
            bed=beds.get(stay.placement.bed_id, ""),
            blockers=blockers[stay.pk],
            terms=terms,
            at=at,
        )
        for stay in stays
    ]


def _hold(stay: Stay, *, by: Membership) -> Stay:
    """As it is now, held still. Raises Stay.DoesNotExist when it is not theirs to see."""
    held: Stay = (
        Stay.objects.visible_to(by)
        .with_names()
        .select_related("house", "coordinator")
        .select_for_update(of=["self"])
        .get(pk=stay.pk)
    )
    return held


def _write(stay: Stay, **values: object) -> None:
    """Write these fields; when the bed becomes free may be another day now."""
    for name, value in values.items():
        setattr(stay, name, value)
    if not Stay.objects.filter(pk=stay.pk).update(**values):
        raise Stay.DoesNotExist
    board_changed()


def _case(stay: Stay, *, by: Membership) -> Case:
    return Case.objects.visible_to(by).select_related("person__key").get(pk=stay.case_id)


def _tell(kind: Kind, stays: Sequence[Stay], *, by: Membership, at: datetime) -> None:
    """The shelter, the coordinator and the desk, but not who did it."""
    desk = national_desk()
    letters = [
        Letter(kind=kind, to=to, role=role, on=stay, at=at)
        for stay in stays
        for to, role in _told(stay, desk)
        if to.pk != by.organisation_id
    ]
    post_many(letters, at=at)


def _told(stay: Stay, desk: Organisation) -> list[tuple[Organisation, Role]]:
    return [
        (stay.house, Role.SHELTER_WORKER),
        (stay.house, Role.SHELTER_MANAGER),
        (stay.coordinator, Role.ZC),
        (desk, Role.COM_PLACEMENT),
    ]
