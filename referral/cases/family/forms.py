"""Clean input for linking. Nothing here saves anything."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.family.models import Relation
from referral.persons.models import MINORS, AgeGroup, Sex

CHOOSE = ("", _("Only without a registration"))
MINOR_BANDS = [(band.value, band.label) for band in AgeGroup if band.value in MINORS]


class LinkForm(HouseForm):
    """Who it is, by a reference or, of a child without a registration, by age band and sex."""

    relation = forms.ChoiceField(
        label=_("What is the other one of the person of this case?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Reference of the other person or of their case"),
        help_text=_("For example CASE-2026-000123. Leave it empty for a child without one."),
        max_length=20,
        required=False,
    )
    age_group = forms.ChoiceField(
        label=_("How old is the child?"), choices=[CHOOSE, *MINOR_BANDS], required=False
    )
    sex = forms.ChoiceField(
        label=_("Sex of the child"), choices=[CHOOSE, *Sex.choices], required=False
    )

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()
