"""Clean input for printing a signal. Nothing here saves anything."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from signals.paper.rules import PrintPurpose


class PrintForm(HouseForm):
    """What the paper is for."""

    purpose = forms.ChoiceField(
        label=_("What is the paper for?"),
        help_text=_("It stands on each page, with your name and the time."),
        choices=PrintPurpose.choices,
        widget=forms.RadioSelect,
    )
