"""Why a signal is held, and until when."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from referral.retention.models import HoldReason


class SignalHoldForm(HouseForm):
    """The signal stands in the address."""

    reason = forms.ChoiceField(
        label=_("Why must it be kept longer?"), choices=HoldReason.choices, widget=forms.RadioSelect
    )
    until = DayField(label=_("Until when?"))
