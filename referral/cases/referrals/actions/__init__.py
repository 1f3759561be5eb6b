"""The only writers of referrals, and the recorded reads."""

from referral.cases.referrals.actions.answering import (
    accept_referral,
    complete_referral,
    decline_referral,
    record_contact,
)
from referral.cases.referrals.actions.offering import (
    offer_referral,
    offer_referrals,
    withdraw_referral,
)
from referral.cases.referrals.actions.packages import (
    open_referral_package,
    print_referral_package,
)
from referral.cases.referrals.actions.reading import (
    list_home_referrals,
    list_referrals,
    open_referral,
)
from referral.cases.referrals.actions.terms import (
    expire_referrals,
    remind_of_referrals,
    tell_late_contacts,
)

__all__ = [
    "accept_referral",
    "complete_referral",
    "decline_referral",
    "expire_referrals",
    "list_home_referrals",
    "list_referrals",
    "offer_referral",
    "offer_referrals",
    "open_referral",
    "open_referral_package",
    "print_referral_package",
    "record_contact",
    "remind_of_referrals",
    "tell_late_contacts",
    "withdraw_referral",
]
