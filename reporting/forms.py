from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from reporting.rules import quarter_name, recent_quarters


class OrderForm(HouseForm):
    """Which quarter is to be computed."""

    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quarters = {quarter_name(begin): (begin, end) for begin, end in recent_quarters(today)}
        self.fields["quarter"] = forms.ChoiceField(
            label=_("Quarter"), choices=[(name, name) for name in self.quarters]
        )

    @property
    def period(self) -> tuple[date, date]:
        """The chosen quarter, half-open; only after is_valid()."""
        return self.quarters[self.cleaned_data["quarter"]]


class WithdrawalForm(HouseForm):
    """Why figures no longer stand."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
