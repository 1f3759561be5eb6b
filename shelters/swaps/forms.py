"""Clean input for a change of beds. Nothing here saves anything."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from shelters.models import Placement


class SwapForm(HouseForm):
    """With whom: somebody of the same shelter, or, for the desk, of another one."""

    other = forms.ChoiceField(
        label=_("With whom in this shelter?"), required=False, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=_("Or with somebody in another shelter: the number of their request"),
        help_text=_("For example PLR-2026-000123."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: object,
        here: Iterable[Placement] = (),
        elsewhere: bool = False,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(one.pk), f"{one.bed.code}: {one.request.reference}") for one in here]
        self.fields["other"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["other"]
        if not elsewhere:
            del self.fields["reference"]

    def clean(self) -> dict[str, object]:
        answers = super().clean()
        if not self.errors and bool(answers.get("other")) == bool(answers.get("reference")):
            raise forms.ValidationError(_("Choose one person to change beds with."))
        return answers
