"""The only writers of case tables, and the recorded reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.audit.actions import Line, record, record_many
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.cases.planning.actions import NewTask, add_task
from referral.cases.planning.actions.holding import hold_to_write
from referral.cases.planning.models import TaskKind
from referral.cases.planning.rules import check_due, check_words
from referral.cases.rules import CaseRefused
from referral.cases.tables.models import Agreement, CaseTable, Invitation
from referral.cases.tables.rules import (
    check_agrees,
    check_day,
    check_guests,
    check_held,
    check_move_table,
    ground_for,
)
from referral.cases.tables.workflow import TableStatus
from referral.lib.crypto import Unreadable
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.sharing.models import Consent, OtherBasis, Purpose
from referral.sharing.rules import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Which case is talked over, why, on which day and with whom."""

    case: Case
    goal: str
    held_on: date | None
    guests: Sequence[Organisation]


def call_table(call: Call, *, by: Membership, at: datetime) -> CaseTable:
    """One case table; see call_tables."""
    return call_tables([call], by=by, at=at)[0]


@transaction.atomic
def call_tables(calls: Sequence[Call], *, by: Membership, at: datetime) -> list[CaseTable]:
    """Invite organisations to talk a case over; each must be allowed to by the law of sharing.

    Raises MoveRefused, CaseRefused or SharingRefused.
    """
    held = hold_to_write([call.case for call in calls], by=by)
    persons = [case.person_id for case in held.values()]
    sharing = Sharing.read(persons, purpose=Purpose.CASE_TABLE, by=by, hold=True)
    tables, invitations = [], []
    for call in calls:
        case = held[call.case.pk]
        check_guests(call.guests, by=by)
        table = CaseTable(
            case=case,
            organisation=by.organisation,
            held_on=check_day(call.held_on, today=timezone.localdate(at)),
            called_at=at,
            called_by=by.user,
        )
        goal = check_words(call.goal, _("Write down what the meeting must lead to."))
        table.seal_words(goal, key=key_of(case))
        tables.append(table)
        invitations += [_invitation(table, guest, sharing=sharing, at=at) for guest in call.guests]
    CaseTable.objects.bulk_create(tables, batch_size=1000)
    Invitation.objects.bulk_create(invitations, batch_size=1000)
    lines = [
        Line(
            action="case_table_called",
            on=table,
            purpose=Purpose.CASE_TABLE,
            ids=[one.organisation_id for one in invitations if one.table_id == table.pk],
        )
        for table in tables
    ]
    record_many(lines, by=by, at=at)
    _tell(Kind.TABLE_CALLED, invitations, at=at)
    return tables


def _invitation(
    table: CaseTable, guest: Organisation, *, sharing: Sharing, at: datetime
) -> Invitation:
    ruling, ground = ground_for(guest, table.case.person, sharing=sharing, at=at)
    return Invitation(
        table=table,
        case=table.case,
        organisation=guest,
        legal_basis=ground.basis if isinstance(ground, OtherBasis) else ruling.basis,
        consent=ground if isinstance(ground, Consent) else None,
        other_basis=ground if isinstance(ground, OtherBasis) else None,
    )


@transaction.atomic
def hold_table(
    table: CaseTable, *, attended: Collection[Organisation], by: Membership, at: datetime
) -> CaseTable:
    """The meeting was held; write down who was there."""
    table = _held_still(table, TableStatus.HELD, by=by)
    check_held(table, today=timezone.localdate(at))
    there = {organisation.pk for organisation in attended}
    guests = list(Invitation.objects.visible_to(by).filter(table=table))
    if not there <= {guest.organisation_id for guest in guests}:
        raise CaseRefused(_("This organisation was not invited."))
    for guest in guests:
        guest.attended = guest.organisation_id in there
    Invitation.objects.bulk_update(guests, ["attended"])
    table.status = TableStatus.HELD
    table.save(update_fields=["status"])
    record("case_table_held", on=table, by=by, at=at, ids=sorted(there))
    return table


@transaction.atomic
def end_table(table: CaseTable, *, to: TableStatus, by: Membership, at: datetime) -> CaseTable:
    """Close a meeting that was held, or cancel one that was planned; the guests hear of it."""
    table = _held_still(table, to, by=by)
    table.status, table.ended_at, table.ended_by = to, at, by.user
    table.save(update_fields=["status", "ended_at", "ended_by"])
    record(f"case_table_{to.value}", on=table, by=by, at=at)
    if to == TableStatus.CANCELLED:
        guests = Invitation.objects.visible_to(by).filter(table=table, ended_at=None)
        _tell(Kind.TABLE_CANCELLED, guests.select_related("organisation", "table"), at=at)
    return table


@transaction.atomic
def add_agreement(
    table: CaseTable,
    *,
    words: str,
    organisation: Organisation,
    due_on: date | None,
    by: Membership,
    at: datetime,
) -> Agreement:
    """Write down what was agreed, by whom and before which day; whom it names hears of it."""
    case = hold_to_write([table.case], by=by)[table.case_id]
    table = CaseTable.objects.visible_to(by).select_for_update().get(pk=table.pk)
    guests = Invitation.objects.visible_to(by).filter(table=table, ended_at=None)
    named = {guest.organisation_id: guest for guest in guests.select_related("organisation")}
    check_agrees(table, organisation, [*named, by.organisation_id])
    agreement = Agreement(
        table=table,
        case=case,
        organisation=organisation,
        due_on=check_due(due_on, today=timezone.localdate(at)),
        written_at=at,
        written_by=by.user,
    )
    said = check_words(words, _("Write down what was agreed."))
    agreement.seal_words(said, key=key_of(case))
    agreement.save(force_insert=True)
    record("agreement_written", on=table, by=by, at=at, ids=[agreement.pk, organisation.pk])
    if organisation.pk in named:
        _tell(Kind.TABLE_AGREED, [named[organisation.pk]], at=at)
    return agreement


@transaction.atomic
def make_task(agreement: Agreement, *, by: Membership, at: datetime) -> Agreement:
    """What the own team promised becomes a task of its planning, with the same words and day."""
    case = hold_to_write([agreement.case], by=by)[agreement.case_id]
    held = Agreement.objects.visible_to(by).select_for_update().get(pk=agreement.pk)
    if held.organisation_id != by.organisation_id:
        raise CaseRefused(_("This agreement names another organisation."))
    if held.task_id is not None:
        raise CaseRefused(_("This agreement is a task already."))
    today = timezone.localdate(at)
    new = NewTask(
        case=case,
        words=held.opened_words(key=key_of(case)),
        due_on=max(held.due_on, today),
        kind=TaskKind.OTHER,
        owner=by.user,
    )
    held.task = add_task(new, by=by, at=at)
    held.save(update_fields=["task"])
    record("agreement_made_task", on=held.table, by=by, at=at, ids=[held.pk, held.task.pk])
    return held


@dataclass(frozen=True, slots=True)
class ReadAgreement:
    """An agreement with its words."""

    agreement: Agreement
    words: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A case table as far as this reader sees it."""

    table: CaseTable
    goal: str
    invitations: list[Invitation]
    agreements: list[ReadAgreement]


@transaction.atomic
def open_table(table: CaseTable, *, by: Membership, at: datetime) -> ReadTable:
    """Goal, day and agreements; the look is recorded. Raises CaseTable.DoesNotExist."""
    found = CaseTable.objects.visible_to(by).with_names().get(pk=table.pk)
    guests = Invitation.objects.visible_to(by).filter(table=found)
    agreed = list(Agreement.objects.visible_to(by).filter(table=found).first_due_first())
    record("case_table_opened", on=found, by=by, at=at, ids=[one.pk for one in agreed])
    key = DataKey.objects.filter(pk=found.key_id).first()
    if key is None:
        raise Unreadable("the data of this person have been erased")
    return ReadTable(
        found,
        found.opened_words(key=key),
        list(guests.select_related("organisation").order_by("organisation__name")),
        [ReadAgreement(one, one.opened_words(key=key)) for one in agreed],
    )


@transaction.atomic
def list_tables(found: Iterable[CaseTable], *, by: Membership, at: datetime) -> list[CaseTable]:
    """One page of a list that was scoped by visible_to: days and states, and no words."""
    tables = list(found)
    record("case_tables_listed", by=by, at=at, ids=[table.pk for table in tables])
    return tables


def _held_still(table: CaseTable, to: TableStatus, *, by: Membership) -> CaseTable:
    """As it is now, the case held first. Raises MoveRefused and CaseTable.DoesNotExist."""
    hold_to_write([table.case], by=by)
    held = CaseTable.objects.visible_to(by).select_for_update().get(pk=table.pk)
    check_move_table(held, to)
    return held


def _tell(kind: Kind, invitations: Iterable[Invitation], *, at: datetime) -> None:
    letters = [Letter(kind=kind, to=one.organisation, on=one.table) for one in invitations]
    post_many(letters, at=at)
