"""What somebody says when they take a consent back."""

from django.forms import ChoiceField, RadioSelect
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.sharing.models import WithdrawalReason


class WithdrawForm(HouseForm):
    """Why; "no reason" is a reason."""

    reason = ChoiceField(
        label=_("Why?"),
        help_text=_("Nobody has to give a reason."),
        choices=WithdrawalReason.choices,
        initial=WithdrawalReason.NOT_SAID,
        widget=RadioSelect,
    )
