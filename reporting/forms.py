from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from reporting.rules import recent_periods


class OrderForm(HouseForm):
    """Which quarter or year is to be computed."""

    period = forms.ChoiceField(
        label=_("Period"),
        help_text=_(
            "A quarter or a year. A year and its quarters cannot both be published: side by side"
            " they would tell of single persons."
        ),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = recent_periods(today)
        field = self.fields["period"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in self.periods]

    @property
    def chosen(self) -> tuple[date, date]:
        """The chosen period, half-open; only after is_valid()."""
        return self.periods[self.cleaned_data["period"]]


class WithdrawalForm(HouseForm):
    """Why figures no longer stand."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
