"""Clean input for printing a case file. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.cases.printing.rules import PrintPurpose
from referral.cases.views.parts import Part


class PrintForm(HouseForm):
    """Which sections, and what for."""

    purpose = forms.ChoiceField(
        label=_("What is the paper for?"),
        help_text=_("It stands on each page, with your name and the time."),
        choices=PrintPurpose.choices,
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label=_("Which sections?"),
        help_text=_("Only what is needed for this purpose."),
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, offered: Iterable[Part], data: Any = None) -> PrintForm:
        form = cls(data)
        shown = [(part.slug, part.title) for part in offered]
        form.fields["sections"].choices = shown  # type: ignore[attr-defined]
        return form
