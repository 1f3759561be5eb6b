"""Clean input for the deeds of shelter. Nothing here saves anything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.geography.models import SafetyRegion
from shelters.models import EndReason, RefusalReason, RevealPurpose, ShelterType
from shelters.querysets import BedQuerySet

FREE, RESERVED, OCCUPIED, OUT = "free", "reserved", "occupied", "out"
STATES = [
    (FREE, _("Free")),
    (RESERVED, _("Reserved")),
    (OCCUPIED, _("Occupied")),
    (OUT, _("Out of order")),
]


class RefusalForm(HouseForm):
    """Why the shelter says no."""

    reason = forms.ChoiceField(label=_("Why do you refuse?"), choices=RefusalReason)


class DepartureForm(HouseForm):
    """Why the stay ends."""

    reason = forms.ChoiceField(label=_("Why does the stay end?"), choices=EndReason)


class RevealForm(HouseForm):
    """What the address is needed for."""

    purpose = forms.ChoiceField(
        label=_("What do you need the address for?"),
        choices=RevealPurpose,
        widget=forms.RadioSelect,
    )


class BoardForm(forms.Form):
    """The filters of the bed board; what is not a filter is not looked at."""

    type = forms.ChoiceField(
        label=_("Type"), choices=[("", _("All types")), *ShelterType.choices], required=False
    )
    region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by("name"),
        label=_("Region"),
        required=False,
        empty_label=_("All regions"),
    )
    state = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Every status")), *STATES], required=False
    )

    def narrowed(self, beds: BedQuerySet) -> BedQuerySet:
        """The beds that the filters leave; an unknown value filters nothing."""
        self.full_clean()
        answers: dict[str, Any] = self.cleaned_data
        if answers.get("type"):
            beds = beds.filter(shelter__type=answers["type"])
        if answers.get("region"):
            beds = beds.filter(shelter__safety_region=answers["region"])
        if answers.get("state"):
            beds = beds.standing(answers["state"])
        return beds
