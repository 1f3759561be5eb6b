"""The only writers of destruction lists: the night that fills them, decisions, and holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import Line, record, record_many
from referral.lib.tally import Tally
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from referral.retention.destruction.models import DestructionList, ListLine, SignalHold
from referral.retention.destruction.querysets import CARE, Due, due_on
from referral.retention.destruction.rules import (
    LINES_ON_A_LIST,
    check_filled,
    check_move,
    check_signal_hold,
    named,
)
from referral.retention.destruction.workflow import Status
from signals.models import Signal, SignalNarrative

#: Who decides at the owner of a list, by what the owner is.
DECIDERS = {
    OrganisationType.EMM: Role.EMM_COORDINATOR,
    OrganisationType.COMENSHA: Role.COM_REGISTRAR,
}


@dataclass(frozen=True, slots=True)
class Night:
    """What one night changed on the lists."""

    listed: int = 0
    taken_off: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """One list with what is on it; afterwards its certificate."""

    listed: DestructionList
    lines: tuple[ListLine, ...]
    destroyed: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HomeLists:
    """What waits for a decision of this member; no kind for everybody else."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "decides" if any(self.counts.values()) else ""


@transaction.atomic
def review_lists(*, by: Membership, at: datetime) -> Night:
    """Put what is due on the lists, and take off what is held, in use again or no longer due.

    What does not fit on a list waits for the next one, which comes when this one is destroyed.
    Run twice on a day it changes nothing the second time.
    """
    due = {one.record: one for one in due_on(timezone.localdate(at))}
    lists = list(DestructionList.objects.visible_to(by).open().select_for_update())
    waiting = [one.pk for one in lists if one.status == Status.DUE]
    known = ListLine.objects.visible_to(by).filter(list__in=lists)
    # Who approved decides on what they saw: from such a list the database spares what is held.
    stale = [
        line.pk
        for line in known.filter(list__in=waiting)
        if line.record not in due or due[line.record].held
    ]
    ListLine.objects.visible_to(by).filter(pk__in=stale).delete()

    room = _room(lists, by=by)
    seen = set(known.values_list("record", flat=True))
    fresh: dict[tuple[int, str], list[Due]] = defaultdict(list)
    for one in due.values():
        kind = one.owner, one.category
        if not one.held and one.record not in seen and len(fresh[kind]) < room[kind]:
            fresh[kind].append(one)
    begun = {(one.owner_id, one.category): one for one in lists}
    added = {
        kind: begun.get(kind) or DestructionList(owner_id=kind[0], category=kind[1], listed_at=at)
        for kind, found in fresh.items()
        if found
    }
    DestructionList.objects.bulk_create([one for kind, one in added.items() if kind not in begun])
    lines = [_line(added[kind], one) for kind, found in fresh.items() for one in found]
    ListLine.objects.bulk_create(lines, batch_size=1000)
    record_many(
        [
            Line(action="destruction_listed", on=one, details={"lines": len(fresh[kind])})
            for kind, one in added.items()
        ],
        by=by,
        at=at,
    )
    owners = Organisation.objects.in_bulk({owner for owner, _category in added})
    first = {one.owner_id: one for one in reversed(added.values())}
    post_many([_letter(Kind.ERASURE_DUE, one, owners[pk]) for pk, one in first.items()], at=at)
    return Night(len(lines), len(stale))


@transaction.atomic
def approve_list(listed: DestructionList, *, by: Membership, at: datetime) -> DestructionList:
    """Who owns the data lets them go; a second person is asked to confirm."""
    listed = _held(listed, by)
    check_move(by, listed, Status.APPROVED)
    check_filled(ListLine.objects.visible_to(by).filter(list=listed).count())
    listed.status, listed.approved_at, listed.approved_by = Status.APPROVED, at, by.user
    listed.save(update_fields=["status", "approved_at", "approved_by"])
    record("destruction_approved", on=listed, by=by, at=at)
    asked = {listed.owner_id: listed.owner}
    if listed.category in CARE:
        desks = Organisation.objects.filter(type=OrganisationType.COMENSHA)
        asked |= {desk.pk: desk for desk in desks}
    post_many([_letter(Kind.ERASURE_APPROVED, listed, one) for one in asked.values()], at=at)
    return listed


@transaction.atomic
def return_list(listed: DestructionList, *, by: Membership, at: datetime) -> DestructionList:
    """The second person does not confirm: who owns the data looks again."""
    listed = _held(listed, by)
    check_move(by, listed, Status.DUE)
    listed.status, listed.approved_at, listed.approved_by = Status.DUE, None, None
    listed.save(update_fields=["status", "approved_at", "approved_by"])
    record("destruction_returned", on=listed, by=by, at=at)
    post_many([_letter(Kind.ERASURE_DUE, listed, listed.owner)], at=at)
    return listed


@transaction.atomic
def destroy_list(listed: DestructionList, *, by: Membership, at: datetime) -> DestructionList:
    """A second person confirms, and in the same statement the database destroys.

    The certificate and its line in the trail say how many of what, and no name.
    """
    listed = _held(listed, by)
    check_move(by, listed, Status.DESTROYED)
    listed.status, listed.destroyed_at, listed.destroyed_by = Status.DESTROYED, at, by.user
    listed.save(update_fields=["status", "destroyed_at", "destroyed_by"])
    listed.refresh_from_db(fields=["destroyed", "spared"])
    told = {"destroyed": listed.destroyed, "spared": listed.spared}
    record("list_destroyed", on=listed, by=by, at=at, details=told)
    return listed


#: What the page of a list can do, by where it leads.
DEEDS = {
    Status.APPROVED: approve_list,
    Status.DUE: return_list,
    Status.DESTROYED: destroy_list,
}


@transaction.atomic
def hold_signal(
    signal: Signal, *, reason: str, until: date, by: Membership, at: datetime
) -> SignalHold:
    """Keep a signal until a day, whatever its term: from now on no list destroys it."""
    signal = Signal.objects.visible_to(by).get(pk=signal.pk)
    today = timezone.localdate(at)
    held = SignalHold.objects.visible_to(by).running_on(today).filter(signal=signal).exists()
    is_left = SignalNarrative.objects.visible_to(by).filter(signal=signal).exists()
    check_signal_hold(by, until=until, today=today, held=held, is_left=is_left)
    hold = SignalHold(
        signal=signal,
        organisation=by.organisation,
        reason=reason,
        until=until,
        placed_at=at,
        placed_by=by.user,
    )
    hold.save(force_insert=True)
    record("signal_held", on=hold, by=by, at=at, ids=[signal.pk])
    return hold


@transaction.atomic
def lift_signal_hold(hold: SignalHold, *, by: Membership, at: datetime) -> SignalHold:
    """The reason is gone; the next night puts it on a list again when it is due."""
    hold = SignalHold.objects.visible_to(by).select_for_update(of=["self"]).get(pk=hold.pk)
    hold.lifted_at, hold.lifted_by = at, by.user
    hold.save(update_fields=["lifted_at", "lifted_by"])
    record("signal_hold_lifted", on=hold, by=by, at=at, ids=[hold.signal_id])
    return hold


@transaction.atomic
def list_lists(
    found: Iterable[DestructionList], *, by: Membership, at: datetime
) -> list[DestructionList]:
    """One page of lists that were scoped by visible_to; the trail gets the ids shown."""
    shown = list(found)
    record("destruction_lists_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


@transaction.atomic
def read_list(listed: DestructionList, *, by: Membership, at: datetime) -> Opened:
    """One of them with its lines. DestructionList.DoesNotExist when it is not for them."""
    listed = DestructionList.objects.visible_to(by).with_names().get(pk=listed.pk)
    lines = tuple(ListLine.objects.visible_to(by).filter(list=listed).longest_due_first())
    record("destruction_list_read", on=listed, by=by, at=at, ids=[line.record for line in lines])
    return Opened(listed, lines, tuple(named(listed.destroyed)))


@transaction.atomic(savepoint=False)
def list_home_lists(*, by: Membership, tally: Tally | None = None) -> HomeLists:
    """How many lists wait for approval by the own organisation, and for a second person."""
    if not (by.may(Permission.RETENTION_DECIDE) or by.may(Permission.SIGNAL_DESTROY)):
        return HomeLists()
    found = DestructionList.objects.visible_to(by)
    mine = found.filter(status=Status.DUE, owner=by.organisation_id, lines__isnull=False)
    counts = (tally or Tally()).of(
        lists_to_approve=mine.distinct(),
        lists_to_confirm=found.filter(status=Status.APPROVED).exclude(approved_by=by.user_id),
    )
    return HomeLists(counts)


def _room(lists: Iterable[DestructionList], *, by: Membership) -> Mapping[tuple[int, str], int]:
    """How many more lines go on the open list of each owner and kind."""
    room: dict[tuple[int, str], int] = defaultdict(lambda: LINES_ON_A_LIST)
    waiting = {one.pk: (one.owner_id, one.category) for one in lists}
    # What is approved already is not added to.
    room |= {waiting[one.pk]: 0 for one in lists if one.status == Status.APPROVED}
    filled = ListLine.objects.visible_to(by).filter(list__in=waiting)
    for pk in filled.values_list("list", flat=True):
        room[waiting[pk]] -= 1
    return room


def _line(listed: DestructionList, due: Due) -> ListLine:
    return ListLine(
        list=listed,
        record=due.record,
        reference=due.reference,
        last_event_on=due.last_event_on,
        due_on=due.due_on,
    )


def _held(listed: DestructionList, by: Membership) -> DestructionList:
    """As it is now, held until the deed is done."""
    found = DestructionList.objects.visible_to(by).select_related("owner")
    return found.select_for_update(of=["self"]).get(pk=listed.pk)


def _letter(kind: Kind, listed: DestructionList, to: Organisation) -> Letter:
    role = DECIDERS.get(OrganisationType(to.type), Role.ZC)
    return Letter(kind=kind, to=to, role=role, on=listed)
