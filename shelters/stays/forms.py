"""Clean input for the deeds of a stay. Nothing here saves anything."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.forms import DayField
from shelters.stays.models import DESTINATIONS, BlockerKind, Funding, LongerBecause
from shelters.stays.rules import LONGEST_NOTE


class ExtensionForm(HouseForm):
    """Until when, why, and who pays."""

    until = DayField(label=_("Until which day?"))
    reason = forms.ChoiceField(
        label=_("Why must the stay last longer?"),
        choices=LongerBecause.choices,
        widget=forms.RadioSelect,
    )
    funding = forms.ChoiceField(
        label=_("Who pays for it?"), choices=Funding.choices, widget=forms.RadioSelect
    )


class DecisionForm(HouseForm):
    """Yes or no, by a button."""

    granted = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda answer: answer == "yes"
    )


class OutflowForm(HouseForm):
    """When the person leaves, where to, and what still stands in the way."""

    leave_on = DayField(label=_("On which day does the person leave?"))
    destination = forms.ChoiceField(
        label=_("Where does the person go?"),
        choices=[(one.value, one.label) for one in DESTINATIONS],
        widget=forms.RadioSelect,
    )
    blockers = forms.MultipleChoiceField(
        label=_("What still stands in the way?"),
        help_text=_("What you leave out is taken as solved."),
        choices=BlockerKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class StayNoteForm(HouseForm):
    """What the shelter keeps for itself."""

    words = forms.CharField(
        label=_("Note"),
        help_text=_("Only your shelter reads this, and only while the person is here."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
