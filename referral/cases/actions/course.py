"""The course of a case: offered to a region, accepted there, planned, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.cases.actions.holding import hold, new_references, note, write
from referral.cases.models import Case, ClosureReason, Need, NextStep, Outcome, Priority
from referral.cases.rules import (
    CaseRefused,
    Coordination,
    MoveRefused,
    answer_due_on,
    check_closure,
    check_move_case,
    check_offer_case,
    check_step,
    check_work,
    first_contact_due_on,
    obstacles_in_words,
    reaches_of,
)
from referral.cases.workflow import CaseStatus
from referral.geography.models import CareRegion
from referral.lib.moments import When, moments
from referral.lib.versions import Version, check_seen
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.registrations.models import Registration
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A registration for which care coordination is needed, and where."""

    registration: Registration
    care_region: CareRegion
    priority: str = Priority.NORMAL
    needs: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """How the care for one person ends."""

    case: Case
    reason: str
    outcome: str
    person_informed: bool


def offer_case(
    registration: Registration,
    *,
    care_region: CareRegion,
    priority: str = Priority.NORMAL,
    needs: Sequence[str] = (),
    by: Membership,
    at: datetime,
) -> Case:
    """One case; see offer_cases."""
    offer = Offer(
        registration=registration, care_region=care_region, priority=priority, needs=needs
    )
    return offer_cases([offer], by=by, at=at)[0]


def accept_case(case: Case, *, by: Membership, at: datetime) -> Case:
    """One case; see accept_cases."""
    return accept_cases([case], by=by, at=at)[0]


def close_case(
    case: Case, *, reason: str, outcome: str, person_informed: bool, by: Membership, at: datetime
) -> Case:
    """One case; see close_cases."""
    closure = Closure(case=case, reason=reason, outcome=outcome, person_informed=person_informed)
    return close_cases([closure], by=by, at=at)[0]


@transaction.atomic
def offer_cases(offers: Sequence[Offer], *, by: Membership, at: When) -> list[Case]:
    """The national desk opens cases and offers each to who coordinates care in the region.

    Until acceptance the desk is responsible, and the region sees urgency, needs, region and age
    band. Raises CaseRefused when a registration is not complete, has a case, or may not be
    shared for care coordination.
    """
    times = moments(at, len(offers))
    coordination = Coordination.read()
    sharing = Sharing.read(
        [offer.registration.person_id for offer in offers],
        purpose=Purpose.CARE_COORDINATION,
        by=by,
    )
    cases = []
    for offer, reference, moment in zip(offers, new_references(times), times, strict=True):
        receiver = coordination.of(offer.care_region, at=moment)
        check_offer_case(offer.registration, receiver, sharing=sharing, at=moment)
        cases.append(
            Case(
                reference=reference,
                person=offer.registration.person,
                registration=offer.registration,
                owner_organisation=by.organisation,
                offered_to=receiver,
                standing_since=moment,
                care_region=offer.care_region,
                priority=Priority(offer.priority),
                needs=[Need(need).value for need in offer.needs],
                age_group=offer.registration.person.age_group,
                next_step=NextStep.ACCEPT_CASE,
                next_step_by=receiver,
                next_deadline_on=answer_due_on(offer.priority, at=moment),
                opened_at=moment,
                opened_by=by.user,
            )
        )
    Case.objects.bulk_create(cases, batch_size=1000)
    note("case_offered", cases, times, by=by)
    post_many([_offered(case) for case in cases], at=timezone.now())
    return cases


def _offered(case: Case) -> Letter:
    if case.offered_to is None:
        raise ValueError(f"{case} is on offer to nobody")
    return Letter(
        kind=Kind.CASE_OFFERED,
        to=case.offered_to,
        role=Role.ZC,
        on=case,
        at=case.opened_at,
        urgent=case.priority == Priority.CRISIS,
    )


@transaction.atomic
def offer_elsewhere(case: Case, *, care_region: CareRegion, by: Membership, at: datetime) -> Case:
    """The desk asks another region as long as the first has not accepted.

    The case stays in intake and with the desk: the first region sees nothing of it any more, the
    other sees what it saw. Raises MoveRefused when it was accepted meanwhile, and CaseRefused
    when the same organisation would be asked again.
    """
    [held] = hold([case], by=by)
    before = held.offered_to
    receiver = Coordination.read().of(care_region, at=at)
    if held.status != CaseStatus.INTAKE or before is None:
        raise MoveRefused(_("This case has been accepted already."))
    if receiver.pk == before.pk:
        raise CaseRefused(_("This organisation was asked already. Choose another region."))
    sharing = Sharing.read([held.person_id], purpose=Purpose.CARE_COORDINATION, by=by)
    check_offer_case(held.registration, receiver, sharing=sharing, at=at)
    held.offered_to, held.care_region, held.standing_since = receiver, care_region, at
    held.next_step_by, held.next_deadline_on = receiver, answer_due_on(held.priority, at=at)
    fields = ["offered_to", "care_region", "standing_since", "next_step_by", "next_deadline_on"]
    write([held], fields)
    note("case_offered_elsewhere", [held], [at], by=by)
    told = Letter(
        kind=Kind.CASE_OFFERED_ELSEWHERE,
        to=before,
        role=Role.ZC,
        on=held,
        url=reverse("cases:queue"),
    )
    post_many([replace(_offered(held), at=at), told], at=at)
    return held


@transaction.atomic
def accept_cases(cases: Sequence[Case], *, by: Membership, at: When) -> list[Case]:
    """Care coordinators become responsible: they read the whole file from now on, and write.

    Of two who accept the same case exactly one does; the other gets MoveRefused with words.
    """
    times = moments(at, len(cases))
    for case in Case.objects.visible_to(by).filter(pk__in=[case.pk for case in cases]):
        check_move_case(by, case, CaseStatus.ACTIVE)
    held = hold(cases, by=by)
    desks = {case.pk: case.owner_organisation for case in held}
    for case, moment in zip(held, times, strict=True):
        check_move_case(by, case, CaseStatus.ACTIVE)
        case.status, case.accepted_at, case.accepted_by = CaseStatus.ACTIVE, moment, by.user
        case.owner_organisation, case.offered_to = by.organisation, None
        case.coordinator, case.standing_since = by.user, moment
        case.next_step, case.next_step_by = NextStep.FIRST_CONTACT, by.organisation
        case.next_deadline_on = first_contact_due_on(case.priority, at=moment)
    write(
        held,
        [
            "status",
            "accepted_at",
            "accepted_by",
            "owner_organisation",
            "offered_to",
            "coordinator",
            "standing_since",
            "next_step",
            "next_step_by",
            "next_deadline_on",
        ],
    )
    note("case_accepted", held, times, by=by)
    post_many(_accepted(held, desks, by=by), at=timezone.now())
    return held


def _accepted(
    cases: Sequence[Case], desks: Mapping[UUID, Organisation], *, by: Membership
) -> list[Letter]:
    return [
        Letter(
            kind=Kind.CASE_ACCEPTED,
            to=desks[case.pk],
            role=Role.COM_REGISTRAR,
            on=case,
            at=case.standing_since,
        )
        for case in cases
        if desks[case.pk].pk != by.organisation_id
    ]


@transaction.atomic
def plan_next_step(
    case: Case,
    *,
    step: str,
    deadline: date | None,
    seen: str | None = None,
    by: Membership,
    at: datetime,
) -> Case:
    """The coordinator says what comes next in the own organisation, and before which day.

    Raises StaleRefused when another step was planned than the one that was `seen`.
    """
    [case] = hold([case], by=by)
    check_work(by, case)
    check_seen(case.step_mark, seen)
    check_step(step, deadline, today=timezone.localdate(at))
    case.next_step, case.next_step_by = NextStep(step), by.organisation
    case.next_deadline_on = deadline
    write([case], ["next_step", "next_step_by", "next_deadline_on"])
    record("next_step_planned", on=case, by=by, at=at, details={"step": step, "on": deadline})
    return case


@transaction.atomic(savepoint=False)
def read_next_step(case: Case, *, by: Membership, at: datetime) -> Version:
    """What comes next now, and who has it; the look is recorded."""
    now = Case.objects.visible_to(by).select_related("next_step_by").get(pk=case.pk)
    record("next_step_read", on=now, by=by, at=at)
    lines = [
        (_("Next step"), str(now.get_next_step_display())),
        (_("Who has it?"), str(now.next_step_by or "")),
    ]
    if now.next_deadline_on:
        lines.append((_("Before which day?"), date_format(now.next_deadline_on)))
    return Version(now.step_mark, lines)


@transaction.atomic
def pass_next_step(
    case: Case,
    *,
    step: NextStep,
    to: Organisation,
    deadline: date | None,
    by: Membership,
    at: datetime,
) -> bool:
    """A deed around the placement says who has the next step now; for rooms above this one.

    False, and nothing changes, when the case is closed or being handed off: then the step that
    it has matters more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT baken.pass_next_step(%s, %s, %s, %s)", [case.pk, step.value, to.pk, deadline]
        )
        passed = cursor.fetchone()
    if passed is None or not passed[0]:
        return False
    record("next_step_passed", on=case, by=by, at=at, details={"step": step.value})
    return True


@transaction.atomic
def close_cases(closures: Sequence[Closure], *, by: Membership, at: When) -> list[Case]:
    """The care ends, with a reason and an outcome; nothing is written in the case any more.

    Raises MoveRefused with words while a handoff or a placement is still open.
    """
    times = moments(at, len(closures))
    held = hold([closure.case for closure in closures], by=by)
    reaches = reaches_of(held, by)
    for case, closure, moment in zip(held, closures, times, strict=True):
        check_closure(by, case, closure.reason, closure.outcome, reach=reaches[case.pk])
        case.status, case.closed_at, case.closed_by = CaseStatus.CLOSED, moment, by.user
        case.closure_reason = ClosureReason(closure.reason)
        case.outcome = Outcome(closure.outcome)
        case.person_informed = closure.person_informed
        case.next_step, case.next_step_by, case.next_deadline_on = "", None, None
    with obstacles_in_words():
        write(
            held,
            [
                "status",
                "closed_at",
                "closed_by",
                "closure_reason",
                "outcome",
                "person_informed",
                "next_step",
                "next_step_by",
                "next_deadline_on",
            ],
        )
    note("case_closed", held, times, by=by)
    return held
