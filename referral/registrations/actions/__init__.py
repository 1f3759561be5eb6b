"""The only writers of registrations."""

from referral.registrations.actions.desk import (
    Completion,
    complete_registration,
    complete_registrations,
    return_registration,
)
from referral.registrations.actions.looks import (
    OpenedRegistration,
    list_home_registrations,
    list_registrations,
    open_registration,
)
from referral.registrations.actions.reports import (
    raise_registration,
    resubmit_registration,
    submit_registration,
    submit_registrations,
    withdraw_registration,
)

__all__ = [
    "Completion",
    "OpenedRegistration",
    "complete_registration",
    "complete_registrations",
    "list_home_registrations",
    "list_registrations",
    "open_registration",
    "raise_registration",
    "resubmit_registration",
    "return_registration",
    "submit_registration",
    "submit_registrations",
    "withdraw_registration",
]
