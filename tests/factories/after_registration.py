"""What may happen to a registration once it is registered, by the deeds of the desk and reporter."""

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.registrations.duplicates.actions import link_registration
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.models import Registration
from referral.registrations.withdrawals.actions import ask_withdrawal
from referral.registrations.withdrawals.models import WithdrawalRequest


def make_link(
    registration: Registration, earlier: Registration, *, by: Membership
) -> DuplicateLink:
    with acting(by, purpose="test"):
        return link_registration(
            registration, earlier, reason="Canary same scar", by=by, at=timezone.now()
        )


def make_withdrawal(registration: Registration, *, by: Membership) -> WithdrawalRequest:
    with acting(by, purpose="test"):
        return ask_withdrawal(
            registration, ground="mistake", reason="Canary wrong file", by=by, at=timezone.now()
        )
