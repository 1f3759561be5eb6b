"""How a region is covered, from which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from referral.access.forms import SeenForm
from referral.cases.forms import CaseForm, DayField
from referral.cases.regions.models import MOST_FTE, AgeSplit, Capacity, Coverage
from referral.cases.regions.rules import Setting, mark_of_capacity
from referral.geography.models import CareRegion


class CapacityForm(SeenForm, CaseForm):
    """The next version of what is known of a region."""

    coverage = forms.ChoiceField(
        label=gettext_lazy("Who coordinates care here?"),
        choices=Coverage.choices,
        widget=forms.RadioSelect,
    )
    fte = forms.DecimalField(
        label=gettext_lazy("How many fte of coordinators?"),
        help_text=gettext_lazy("0 when the national desk does it at a distance."),
        min_value=0,
        max_value=MOST_FTE,
        max_digits=4,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    age_split = forms.ChoiceField(
        label=gettext_lazy("Is the work divided by age?"),
        choices=AgeSplit.choices,
        initial=AgeSplit.NONE,
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label=gettext_lazy("From which day does this hold?"))

    @classmethod
    def of(cls, current: Capacity | None, data: Any = None) -> CapacityForm:
        if current is None:
            return cls(data)
        names = ("coverage", "fte", "age_split")
        kept = {name: getattr(current, name) for name in names}
        return cls(data, initial=kept | {"seen": mark_of_capacity(current)})

    def setting_for(self, region: CareRegion) -> Setting:
        return Setting(care_region=region, **self.cleaned_data)
