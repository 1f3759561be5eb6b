"""The only writers of requests to withdraw: a reporter asks, and the national desk decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.actions.parts import locked, tell_reporter
from referral.registrations.models import Registration
from referral.registrations.withdrawals.models import WithdrawalRequest
from referral.registrations.withdrawals.rules import (
    WithdrawalRefused,
    check_ask,
    check_move,
    check_nothing_waits,
)
from referral.registrations.withdrawals.workflow import Status
from referral.registrations.workflow import Status as RegistrationStatus


@dataclass(frozen=True, slots=True)
class Opened:
    """One request as it is read: its words in clear."""

    asked: WithdrawalRequest
    reason: str
    answer: str


@dataclass(frozen=True, slots=True)
class HomeWithdrawals:
    """What the home page of the national desk shows: how many wait."""

    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "desk" if any(self.counts.values()) else ""


@transaction.atomic(savepoint=False)
def open_requests(registration: Registration, *, by: Membership, at: datetime) -> list[Opened]:
    """Look at what was asked about this registration, the newest first."""
    record("withdrawal_requests_opened", on=registration, by=by, at=at)
    found = WithdrawalRequest.objects.visible_to(by).of(registration).with_names().newest_first()
    return [
        Opened(
            asked,
            _opened(asked, bytes(asked.reason), asked.about_reason),
            _opened(asked, bytes(asked.answer), asked.about_answer),
        )
        for asked in found
    ]


@transaction.atomic(savepoint=False)
def list_withdrawals(
    requests: Iterable[WithdrawalRequest], *, by: Membership, at: datetime
) -> list[WithdrawalRequest]:
    """Look at the requests that wait for the desk; the ids that are shown are recorded."""
    shown = list(requests)
    record("withdrawal_requests_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


def count_home_withdrawals(*, by: Membership, tally: Tally | None = None) -> HomeWithdrawals:
    """How many wait for the national desk; no kind where there are none, or for anyone else."""
    if not by.may(Permission.REGISTRATION_COMPLETE):
        return HomeWithdrawals()
    return HomeWithdrawals(
        (tally or Tally()).of(waiting=WithdrawalRequest.objects.visible_to(by).waiting())
    )


@transaction.atomic
def ask_withdrawal(
    registration: Registration, *, ground: str, reason: str, by: Membership, at: datetime
) -> WithdrawalRequest:
    """Ask the desk to withdraw what is registered; until it does, the registration counts."""
    registration = locked(registration, by)
    check_ask(by, registration)
    asked = WithdrawalRequest(
        registration=registration, ground=ground, asked_at=at, asked_by=by.user
    )
    asked.reason = _sealed(asked, reason, asked.about_reason)
    asked.save(force_insert=True)
    record("withdrawal_asked", on=registration, by=by, at=at, ids=[asked.pk])
    post(
        Kind.WITHDRAWAL_ASKED,
        to=Organisation.objects.of_type(OrganisationType.COMENSHA).get(),
        role=Role.COM_REGISTRAR,
        on=asked,
        at=at,
    )
    return asked


@transaction.atomic
def accept_withdrawal(
    asked: WithdrawalRequest, *, by: Membership, at: datetime
) -> WithdrawalRequest:
    """The registration is withdrawn: it keeps its number and is counted no more."""
    asked = _moving(asked, Status.ACCEPTED, by)
    registration = asked.registration
    check_nothing_waits(by, registration)
    registration.status, registration.withdrawal_reason = RegistrationStatus.WITHDRAWN, asked.ground
    registration.withdrawn_at, registration.withdrawn_by = at, by.user
    registration.save(update_fields=["status", "withdrawal_reason", "withdrawn_at", "withdrawn_by"])
    _decide(asked, Status.ACCEPTED, by=by, at=at)
    record("withdrawal_accepted", on=registration, by=by, at=at, ids=[asked.pk])
    tell_reporter(registration, Kind.WITHDRAWAL_ACCEPTED, at=at)
    return asked


@transaction.atomic
def decline_withdrawal(
    asked: WithdrawalRequest, *, answer: str, by: Membership, at: datetime
) -> WithdrawalRequest:
    """The registration stays as it is; who asked reads why."""
    asked = _moving(asked, Status.DECLINED, by)
    asked.answer = _sealed(asked, answer, asked.about_answer)
    _decide(asked, Status.DECLINED, by=by, at=at)
    record("withdrawal_declined", on=asked.registration, by=by, at=at, ids=[asked.pk])
    tell_reporter(asked.registration, Kind.WITHDRAWAL_DECLINED, at=at)
    return asked


@transaction.atomic
def take_back_withdrawal(
    asked: WithdrawalRequest, *, by: Membership, at: datetime
) -> WithdrawalRequest:
    """Who asked does not want it any more; that it was asked stays known."""
    asked = _moving(asked, Status.TAKEN_BACK, by)
    _decide(asked, Status.TAKEN_BACK, by=by, at=at)
    record("withdrawal_taken_back", on=asked.registration, by=by, at=at, ids=[asked.pk])
    return asked


# --- Parts of the deeds ----------------------------------------------------------------------
def _moving(asked: WithdrawalRequest, goal: Status, by: Membership) -> WithdrawalRequest:
    registration = locked(asked.registration, by)
    asked = WithdrawalRequest.objects.visible_to(by).with_names().get(pk=asked.pk)
    asked.registration = registration
    check_move(by, asked, goal)
    return asked


def _decide(asked: WithdrawalRequest, goal: Status, *, by: Membership, at: datetime) -> None:
    asked.status, asked.decided_at, asked.decided_by = goal, at, by.user
    asked.save(update_fields=["status", "answer", "decided_at", "decided_by"])


def _sealed(asked: WithdrawalRequest, words: str, about: str) -> bytes:
    key = asked.registration.person.key
    if key is None:
        raise WithdrawalRefused(_("Of this person nothing is kept any more."))
    return seal({"words": words}, key=key, about=about)


def _opened(asked: WithdrawalRequest, sealed: bytes, about: str) -> str:
    key = asked.registration.person.key
    if not sealed or key is None:
        return ""
    return str(unseal(sealed, key=key, about=about)["words"])
