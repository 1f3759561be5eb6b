"""Who may ask to withdraw what is registered, and who decides on it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.corrections.models import Version
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.models import Registration
from referral.registrations.rules import side_of
from referral.registrations.withdrawals.models import WithdrawalRequest
from referral.registrations.withdrawals.workflow import MOVES, Side, Status
from referral.registrations.workflow import Side as RegistrationSide
from referral.registrations.workflow import Status as RegistrationStatus


class WithdrawalRefused(Refused):
    """A request that cannot be made or decided on, or not by this member."""


def can_ask(member: Membership, registration: Registration) -> bool:
    """Whether this member reported it, and it is in the national registration."""
    return (
        registration.status == RegistrationStatus.REGISTERED
        and side_of(member, registration) == RegistrationSide.REPORTER
        and member.may(Permission.REGISTRATION_SUBMIT)
    )


def check_ask(member: Membership, registration: Registration) -> None:
    if not can_ask(member, registration):
        raise WithdrawalRefused(_("This step is not yours to take."))
    if WithdrawalRequest.objects.visible_to(member).of(registration).waiting().exists():
        raise WithdrawalRefused(_("You asked this already. Wait for the national desk."))


def can_move(member: Membership, asked: WithdrawalRequest, goal: Status) -> bool:
    side = MOVES[Status(asked.status)].get(goal)
    if side == Side.REPORTER:
        return asked.asked_by_id == member.user_id
    return side is not None and side_of(member, asked.registration) == RegistrationSide.DESK


def check_move(member: Membership, asked: WithdrawalRequest, goal: Status) -> None:
    """Raise WithdrawalRefused unless this is a move of the table, and this member's."""
    if goal not in MOVES[Status(asked.status)]:
        raise WithdrawalRefused(
            _("This request is “%(status)s”; that cannot be done any more.")
            % {"status": asked.get_status_display()}
        )
    if not can_move(member, asked, goal):
        raise WithdrawalRefused(_("This step is not yours to take."))


def check_nothing_waits(member: Membership, registration: Registration) -> None:
    """Raise WithdrawalRefused while something else rests on its being registered."""
    if Version.objects.visible_to(member).of(registration).waiting().exists():
        raise WithdrawalRefused(_("A correction of it waits for a decision. Decide on that first."))
    if DuplicateLink.objects.visible_to(member).standing().to(registration).exists():
        raise WithdrawalRefused(_("Later registrations are linked to it. Undo those links first."))
