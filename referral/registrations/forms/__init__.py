"""What a reporter and the national desk type, made into entries that actions take."""

from referral.registrations.forms.desk import CompleteForm, ReturnForm, WithdrawForm
from referral.registrations.forms.entries import initial_answers, told_before
from referral.registrations.forms.raising import RaiseForm
from referral.registrations.forms.registration import RegistrationForm

__all__ = [
    "CompleteForm",
    "RaiseForm",
    "RegistrationForm",
    "ReturnForm",
    "WithdrawForm",
    "initial_answers",
    "told_before",
]
