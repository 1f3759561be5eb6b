"""The only writers of retention: terms, holds, and erasures from the list to the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from referral.audit.actions import Line, record, record_many
from referral.cases.models import Case
from referral.lib.tally import Tally
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.models import Registration
from referral.retention.models import Category, Certainty, Erasure, LegalHold, RetentionTerm
from referral.retention.querysets import CARE_SIDE, Due, due_on, person_held
from referral.retention.rules import can_hold, check_hold, check_move, check_term, named
from referral.retention.workflow import OPEN, Status

FIELDS = [
    "status", "approved_at", "approved_by", "owner", "category", "last_event_on", "due_on",
    "listed_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewTerm:
    """How long one kind of data is kept from a day on."""

    category: Category
    months: int
    source: str
    certainty: Certainty
    from_day: date


@dataclass(frozen=True, slots=True)
class Review:
    """What one night changed on the list."""

    listed: int = 0
    held: int = 0
    not_due: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """One erasure with what it is about and the holds that stop it; after it what was destroyed."""

    erasure: Erasure
    destroyed: tuple[tuple[str, int], ...]
    #: Those that the reader may see.
    records: tuple[Case | Registration, ...] = ()
    holds: tuple[LegalHold, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeRetention:
    """What waits for a decision of this member; no kind for everybody else."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "decides" if any(self.counts.values()) else ""


@transaction.atomic
def review_due(*, by: Membership, at: datetime) -> Review:
    """Put what is due on the list, and take off what is held, open again or no longer due.

    Run twice on a day it changes nothing the second time.
    """
    due = {one.person: one for one in due_on(timezone.localdate(at))}
    known = Erasure.objects.visible_to(by).exclude(status=Status.ERASED)
    known = known.select_for_update().order_by("pk")
    listed, moved = [], []
    seen = set()
    for erasure in known:
        seen.add(erasure.person_id)
        goal = _goal(erasure, due.get(erasure.person_id))
        if goal == erasure.status:
            continue
        if goal == Status.DUE:
            _count(erasure, due[erasure.person_id], at=at)
            listed.append(erasure)
        erasure.status, erasure.approved_at, erasure.approved_by = goal, None, None
        erasure.save(update_fields=FIELDS)
        moved.append(erasure)
    fresh = [
        _count(Erasure(person_id=one.person, reference=one.reference), one, at=at)
        for one in due.values()
        if one.person not in seen and not one.held
    ]
    Erasure.objects.bulk_create(fresh)
    listed += fresh
    record_many([_line(one) for one in (*moved, *fresh)], by=by, at=at)
    first = {one.owner_id: one for one in reversed(listed)}
    owners = Organisation.objects.in_bulk(first)
    post_many([_to_owner(Kind.ERASURE_DUE, first[pk], owners[pk]) for pk in first], at=at)
    statuses = [one.status for one in moved]
    return Review(len(listed), statuses.count(Status.HELD), statuses.count(Status.NOT_DUE))


@transaction.atomic
def approve_erasure(erasure: Erasure, *, by: Membership, at: datetime) -> Erasure:
    """Who owns the data lets them go; a second person is asked to confirm."""
    erasure = _held(erasure, by)
    check_move(by, erasure, Status.APPROVED)
    erasure.status, erasure.approved_at, erasure.approved_by = Status.APPROVED, at, by.user
    erasure.save(update_fields=["status", "approved_at", "approved_by"])
    record("erasure_approved", on=erasure, by=by, at=at)
    desks = Organisation.objects.filter(type=OrganisationType.COMENSHA)
    asked = {one.pk: one for one in (erasure.owner, *desks)}
    post_many([_to_owner(Kind.ERASURE_APPROVED, erasure, one) for one in asked.values()], at=at)
    return erasure


@transaction.atomic
def return_erasure(erasure: Erasure, *, by: Membership, at: datetime) -> Erasure:
    """The second person does not confirm: who owns the data looks again."""
    erasure = _held(erasure, by)
    check_move(by, erasure, Status.DUE)
    erasure.status, erasure.approved_at, erasure.approved_by = Status.DUE, None, None
    erasure.save(update_fields=["status", "approved_at", "approved_by"])
    record("erasure_returned", on=erasure, by=by, at=at)
    post_many([_to_owner(Kind.ERASURE_DUE, erasure, erasure.owner)], at=at)
    return erasure


@transaction.atomic
def confirm_erasure(erasure: Erasure, *, by: Membership, at: datetime) -> Erasure:
    """A second person confirms, and in the same statement the database destroys.

    The certificate and its line in the trail say how many of what, and no name.
    """
    erasure = _held(erasure, by)
    check_move(by, erasure, Status.ERASED)
    erasure.status, erasure.erased_at, erasure.erased_by = Status.ERASED, at, by.user
    erasure.save(update_fields=["status", "erased_at", "erased_by"])
    erasure.refresh_from_db(fields=["destroyed"])
    record("person_erased", on=erasure, by=by, at=at, details={"destroyed": erasure.destroyed})
    post_many(_to_officers(erasure, at=at), at=at)
    return erasure


#: What the page of an erasure can do, by where it leads.
DEEDS = {
    Status.APPROVED: approve_erasure,
    Status.DUE: return_erasure,
    Status.ERASED: confirm_erasure,
}


@transaction.atomic
def place_hold(
    reference: str, *, reason: str, until: date, by: Membership, at: datetime
) -> LegalHold:
    """Keep a case or a registration until a day; what stood on the list is held from now on."""
    held = _called(reference, by=by)
    check_hold(by, held, until=until, today=timezone.localdate(at))
    hold = LegalHold(
        case=held if isinstance(held, Case) else None,
        registration=held if isinstance(held, Registration) else None,
        reference=str(held),
        organisation=by.organisation,
        reason=reason,
        until=until,
        placed_at=at,
        placed_by=by.user,
    )
    hold.save(force_insert=True)
    record("hold_placed", on=hold, by=by, at=at, ids=[hold.case_id or hold.registration_id])
    person = person_held(case=hold.case_id, registration=hold.registration_id)
    listed = Erasure.objects.visible_to(by).select_for_update()
    for erasure in listed.filter(person=person, status__in=[Status.DUE, Status.APPROVED]):
        erasure.status, erasure.approved_at, erasure.approved_by = Status.HELD, None, None
        erasure.save(update_fields=["status", "approved_at", "approved_by"])
        record("erasure_held", on=erasure, by=by, at=at)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Membership, at: datetime) -> LegalHold:
    """The reason is gone; the next night puts it on the list again when it is due."""
    hold = LegalHold.objects.visible_to(by).select_for_update(of=["self"]).get(pk=hold.pk)
    hold.lifted_at, hold.lifted_by = at, by.user
    hold.save(update_fields=["lifted_at", "lifted_by"])
    record("hold_lifted", on=hold, by=by, at=at, ids=[hold.case_id or hold.registration_id])
    return hold


@transaction.atomic
def change_term(new: NewTerm, *, by: Membership, at: datetime) -> RetentionTerm:
    """From a day on this kind of data is kept that long; the old term stays readable."""
    now = RetentionTerm.objects.select_for_update().get(
        category=new.category, valid__upper_inf=True
    )
    check_term(by, now, months=new.months, from_day=new.from_day, today=timezone.localdate(at))
    now.valid = DateRange(now.valid.lower, new.from_day)
    now.save(update_fields=["valid"])
    term = RetentionTerm(
        category=new.category,
        months=new.months,
        source=new.source,
        certainty=new.certainty,
        valid=DateRange(new.from_day, None),
    )
    term.save(force_insert=True)
    record("retention_term_changed", on=term, by=by, at=at)
    return term


@transaction.atomic
def list_erasures(found: Iterable[Erasure], *, by: Membership, at: datetime) -> list[Erasure]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    shown = list(found)
    record("erasures_listed", by=by, at=at, ids=[erasure.pk for erasure in shown])
    return shown


@transaction.atomic
def read_erasure(erasure: Erasure, *, by: Membership, at: datetime) -> Certificate:
    """One of them; Erasure.DoesNotExist when it is not for them."""
    erasure = Erasure.objects.visible_to(by).with_names().get(pk=erasure.pk)
    if erasure.status == Status.ERASED:
        record("erasure_read", on=erasure, by=by, at=at)
        return Certificate(erasure, tuple(named(erasure.destroyed)))
    person, today = erasure.person_id, timezone.localdate(at)
    records = (
        *Case.objects.visible_to(by).filter(person=person).order_by("reference"),
        *Registration.objects.visible_to(by).filter(person=person).order_by("reference"),
    )
    holds = LegalHold.objects.visible_to(by).running_on(today).about(person)
    record("erasure_read", on=erasure, by=by, at=at, ids=[one.pk for one in records])
    return Certificate(erasure, (), records, tuple(holds.with_names().soonest_first()))


@transaction.atomic(savepoint=False)
def list_home_retention(*, by: Membership, tally: Tally | None = None) -> HomeRetention:
    """How many wait for approval by the own organisation, and for a second person."""
    if not by.may(Permission.RETENTION_DECIDE):
        return HomeRetention()
    waiting = Erasure.objects.visible_to(by)
    counts = (tally or Tally()).of(
        to_approve=waiting.filter(status=Status.DUE, owner=by.organisation_id),
        to_confirm=waiting.filter(status=Status.APPROVED).exclude(approved_by=by.user_id),
    )
    return HomeRetention(counts)


def _called(reference: str, *, by: Membership) -> Case | Registration | None:
    """What may be held under this reference, which may be the person's; else what is seen of it."""
    of_person = Q(person__reference=reference)
    cases = Case.objects.visible_to(by).filter(Q(reference=reference) | of_person)
    named = Q(reference=reference) | Q(national_number=reference) | of_person
    registrations = Registration.objects.visible_to(by).filter(named)
    found = [*cases.order_by("-opened_at"), *registrations.order_by("-reference")]
    return next((one for one in found if can_hold(by, one)), found[0] if found else None)


def _goal(erasure: Erasure, due: Due | None) -> Status:
    """Where an erasure that was listed before stands after this night."""
    status = Status(erasure.status)
    if due is None:
        return Status.NOT_DUE
    if status in OPEN and due.held:
        return Status.HELD
    if status in (Status.HELD, Status.NOT_DUE) and not due.held:
        return Status.DUE
    return status


def _line(erasure: Erasure) -> Line:
    """What the clock did with it."""
    if erasure.status == Status.HELD:
        return Line(action="erasure_held", on=erasure)
    if erasure.status == Status.NOT_DUE:
        return Line(action="erasure_not_due", on=erasure)
    return Line(action="erasure_due", on=erasure)


def _count(erasure: Erasure, due: Due, *, at: datetime) -> Erasure:
    erasure.owner_id, erasure.category = due.owner, due.category
    erasure.last_event_on, erasure.due_on, erasure.listed_at = due.last_event_on, due.due_on, at
    return erasure


def _held(erasure: Erasure, by: Membership) -> Erasure:
    """As it is now, held until the deed is done."""
    found = Erasure.objects.visible_to(by).with_names()
    return found.select_for_update(of=["self"]).get(pk=erasure.pk)


def _to_owner(kind: Kind, erasure: Erasure, to: Organisation) -> Letter:
    at_desk = to.type == OrganisationType.COMENSHA
    return Letter(kind=kind, to=to, role=Role.COM_REGISTRAR if at_desk else Role.ZC, on=erasure)


def _to_officers(erasure: Erasure, *, at: datetime) -> list[Letter]:
    """The privacy officers of the care side, one letter for an organisation."""
    officers = Membership.objects.valid_at(at).filter(
        role=Role.FG, organisation__type__in=CARE_SIDE
    )
    told = Organisation.objects.filter(pk__in=officers.values("organisation"))
    return [Letter(kind=Kind.PERSON_ERASED, to=one, role=Role.FG, on=erasure) for one in told]
