from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from reporting.models import ReportProgramme
from reporting.rules import recent_periods


class OrderForm(HouseForm):
    """Which tables of which quarter or year are to be computed."""

    programme = forms.ChoiceField(label=_("Programme"))
    period = forms.ChoiceField(
        label=_("Period"),
        help_text=_(
            "A quarter or a year. A year and its quarters cannot both be published: side by side"
            " they would tell of single persons."
        ),
    )

    def __init__(
        self, *args: Any, programmes: Iterable[ReportProgramme], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.periods = recent_periods(today)
        self.programmes = {one.code: one for one in programmes}
        offered = {
            "programme": [(code, one.title) for code, one in self.programmes.items()],
            "period": [(name, name) for name in self.periods],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    @property
    def what(self) -> ReportProgramme:
        """The chosen programme; only after is_valid()."""
        return self.programmes[self.cleaned_data["programme"]]

    @property
    def chosen(self) -> tuple[date, date]:
        """The chosen period, half-open; only after is_valid()."""
        return self.periods[self.cleaned_data["period"]]


class WithdrawalForm(HouseForm):
    """Why figures no longer stand."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
