"""New service levels, or other numbers that are set in versions, from a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import DayField, HouseForm
from signals.models.settings import Versioned


class LevelsForm(HouseForm):
    """Each number as it is now, to be changed; from when, and why."""

    since = DayField(
        label=_("Holds from"),
        help_text=_("A day after today. What came in before keeps the levels of its own time."),
    )
    reason = forms.CharField(label=_("Why this changes"), max_length=200)

    def __init__(self, *args: Any, before: Versioned, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        names = {field.name: field.verbose_name for field in before._meta.fields}
        terms = {
            name: forms.IntegerField(
                label=names[name],
                min_value=lowest,
                max_value=highest,
                initial=getattr(before, name),
                widget=forms.NumberInput(attrs={"class": "short"}),
            )
            for name, (lowest, highest) in before.LIMITS.items()
        }
        self.fields = {**terms, **self.fields}

    def terms(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in self.before.LIMITS}
