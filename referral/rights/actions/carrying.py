"""Doing with the data what was granted: who answers a request asks it, who works with them does it.

A rectification goes along the chain of corrections; a restriction is asked by everything that
shares; an erasure goes by the list of retention, where two persons decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import Line, record, record_many
from referral.cases.models import Case
from referral.lib.tally import Tally
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.persons.restriction.actions import end_restriction, restrict
from referral.persons.restriction.models import Restriction
from referral.registrations.corrections.actions import correct_registration, propose_correction
from referral.registrations.corrections.rules import Correction, can_correct
from referral.registrations.models import Registration
from referral.registrations.rules import side_of
from referral.registrations.workflow import Side
from referral.rights.models import CARRIED_OUT, How, RightsExecution, RightsRequest
from referral.rights.querysets import carries_out
from referral.rights.rules import REMIND_DAYS, RightsRefused, check_carry_out

#: Who carries out, in the organisation that keeps the data, what was granted.
ROLES = {
    OrganisationType.COMENSHA: Role.COM_REGISTRAR,
    OrganisationType.CARE_COORD: Role.ZC,
    OrganisationType.SHELTER: Role.SHELTER_MANAGER,
}


@dataclass(frozen=True, slots=True)
class ToCarryOut:
    """What is to be done, in clear, with the records of the person that the reader may see."""

    execution: RightsExecution
    asked: str
    answered: str
    registrations: tuple[Registration, ...]
    cases: tuple[Case, ...]
    restriction: Restriction | None


@dataclass(frozen=True, slots=True)
class HomeExecutions:
    """What the home page shows who carries out: how many wait."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "worker" if any(self.counts.values()) else ""


def ask_to_carry_out(
    request: RightsRequest, *, words: str, by: Membership, at: datetime
) -> RightsExecution | None:
    """Put what was granted before who works with the data; None where words were all of it."""
    if request.right not in CARRIED_OUT:
        return None
    execution = RightsExecution(
        request=request,
        reference=request.reference,
        organisation=request.organisation,
        person_id=request.person_id,
        person_reference=request.person_reference,
        right=request.right,
        key=new_data_key(),
        asked_at=at,
        asked_by=by.user,
    )
    opened = unseal(bytes(request.words), key=request.key, about=request.about_words)
    said = {"asked": opened["words"], "answered": words}
    execution.words = seal(said, key=execution.key, about=execution.about)
    execution.save(force_insert=True)
    post_many([_to_workers(Kind.RIGHTS_GRANTED, execution)], at=at)
    return execution


@transaction.atomic
def remind_of_executions(*, by: Membership, at: datetime) -> int:
    """Tell once more what was granted and waits for a week; tells how many."""
    waiting = RightsExecution.objects.visible_to(by).waiting_since(at - timedelta(days=REMIND_DAYS))
    found = waiting.select_related("organisation").order_by("pk")
    executions = list(found.select_for_update(of=["self"], skip_locked=True))
    for execution in executions:
        execution.reminded_at = at
        execution.save(update_fields=["reminded_at"])
    lines = [Line(action="rights_execution_reminded", on=one) for one in executions]
    record_many(lines, by=by, at=at)
    post_many([_to_workers(Kind.RIGHTS_WAITING, one) for one in executions], at=at)
    return len(executions)


@transaction.atomic
def list_executions(
    found: Iterable[RightsExecution], *, by: Membership, at: datetime
) -> list[RightsExecution]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    shown = list(found)
    record("rights_executions_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


@transaction.atomic
def read_execution(execution: RightsExecution, *, by: Membership, at: datetime) -> ToCarryOut:
    """What was asked and answered. RightsExecution.DoesNotExist when it is not for them."""
    execution = RightsExecution.objects.visible_to(by).with_names().get(pk=execution.pk)
    record("rights_execution_read", on=execution, by=by, at=at, ids=[execution.person_id])
    said = unseal(bytes(execution.words), key=execution.key, about=execution.about)
    of_person = {"person": execution.person_id}
    registrations = Registration.objects.visible_to(by).filter(**of_person).order_by("pk")
    restrictions = Restriction.objects.visible_to(by).select_related("ended_by")
    return ToCarryOut(
        execution,
        str(said["asked"]),
        str(said["answered"]),
        tuple(registrations),
        tuple(Case.objects.visible_to(by).filter(**of_person).order_by("pk")),
        restrictions.filter(reference=execution.reference).first(),
    )


def count_home_executions(*, by: Membership, tally: Tally | None = None) -> HomeExecutions:
    """What waits to be carried out; no kind where nothing does, and for anyone else."""
    if not carries_out(by):
        return HomeExecutions()
    waiting = RightsExecution.objects.visible_to(by).waiting()
    return HomeExecutions((tally or Tally()).of(waiting=waiting))


@transaction.atomic
def carry_out(
    execution: RightsExecution, how: How, *, by: Membership, at: datetime
) -> RightsExecution:
    """Done: restricted, put on the list of erasure, or put right where no correction tells of it."""
    execution = _held(execution, by)
    if how == How.CORRECTED:
        raise RightsRefused(_("Choose the registration, and correct it there."))
    check_carry_out(by, execution, how)
    if how == How.RESTRICTED:
        restrict(execution.person_id, reference=execution.reference, by=by, at=at)
    return _done(execution, how, by=by, at=at)


@transaction.atomic
def rectify(
    execution: RightsExecution,
    registration: Registration,
    correction: Correction,
    *,
    reason: str,
    is_all: bool,
    by: Membership,
    at: datetime,
) -> RightsExecution:
    """Put a registration right as the person asked: at the desk at once, by a reporter proposed.

    Where that is not all that was asked, the rest goes on waiting. Raises RightsRefused, and what
    a correction raises.
    """
    execution = _held(execution, by)
    check_carry_out(by, execution, How.CORRECTED)
    if registration.person_id != execution.person_id or not can_correct(by, registration):
        raise RightsRefused(_("This registration is not one that you can correct for this person."))
    at_desk = side_of(by, registration) == Side.DESK
    correct = correct_registration if at_desk else propose_correction
    correct(registration, correction, reason=reason, by=by, at=at)
    if is_all:
        return _done(execution, How.CORRECTED, by=by, at=at)
    record("rights_partly_carried_out", on=execution, by=by, at=at, ids=[registration.pk])
    return execution


@transaction.atomic
def lift_restriction(execution: RightsExecution, *, by: Membership, at: datetime) -> Restriction:
    """The data may be used again; the person hears of it before (GDPR 18(3))."""
    execution = _held(execution, by)
    standing = Restriction.objects.visible_to(by).standing()
    restriction = standing.filter(reference=execution.reference).first()
    if restriction is None or not carries_out(by):
        raise RightsRefused(_("No restriction stands here any more."))
    return end_restriction(restriction, by=by, at=at)


def _to_workers(kind: Kind, execution: RightsExecution) -> Letter:
    """To who works with the data, in the organisation that granted it."""
    to = execution.organisation
    role = ROLES.get(OrganisationType(to.type), Role.PARTNER_NGO)
    return Letter(kind=kind, to=to, role=role, on=execution)


def _held(execution: RightsExecution, by: Membership) -> RightsExecution:
    """As it is now, held until the deed is done."""
    found = RightsExecution.objects.visible_to(by).with_names()
    return found.select_for_update(of=["self"]).get(pk=execution.pk)


def _done(execution: RightsExecution, how: How, *, by: Membership, at: datetime) -> RightsExecution:
    execution.how, execution.done_at, execution.done_by = how, at, by.user
    execution.save(update_fields=["how", "done_at", "done_by"])
    record("rights_carried_out", on=execution, by=by, at=at, ids=[execution.person_id])
    return execution
