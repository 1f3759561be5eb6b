"""Which quarter is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shelters.figures.rules import Quarter


class QuarterForm(forms.Form):
    """What is not a quarter that can be chosen shows the newest one."""

    quarter = forms.ChoiceField(label=_("Quarter"))

    @classmethod
    def of(cls, offered: Sequence[Quarter], data: Any) -> QuarterForm:
        form = cls(data or None, initial={"quarter": str(offered[0])})
        form.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (str(one), _("%(year)d, quarter %(number)d") % {"year": one.year, "number": one.number})
            for one in offered
        ]
        return form

    def chosen(self, offered: Sequence[Quarter]) -> Quarter:
        asked = self.cleaned_data["quarter"] if self.is_valid() else ""
        return next((one for one in offered if str(one) == asked), offered[0])
