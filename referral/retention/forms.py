"""What to hold and why, and how long data are kept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from referral.retention.models import Category, Certainty, HoldReason


class HoldForm(HouseForm):
    """Which case or registration, why, and until when."""

    reference = forms.CharField(
        label=_("Reference of the case or registration"),
        max_length=20,
        help_text=_("For example CASE-2026-000123 or CM-2026-00123; or of the person, with PER."),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label=_("Why must it be kept longer?"), choices=HoldReason.choices, widget=forms.RadioSelect
    )
    until = DayField(label=_("Until when?"))

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()


class TermForm(HouseForm):
    """How long one kind of data is kept from a day on."""

    category = forms.ChoiceField(label=_("Which data?"), choices=Category.choices)
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=600)
    source = forms.CharField(
        label=_("Which text says so?"),
        max_length=200,
        help_text=_("For example an article of law, with the place where it was published."),
    )
    certainty = forms.ChoiceField(
        label=_("How sure is it?"), choices=Certainty.choices, widget=forms.RadioSelect
    )
    from_day = DayField(label=_("From which day does it hold?"))
