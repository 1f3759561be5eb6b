"""With which other signal one belongs together, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Membership
from signals.links.models import LinkKind
from signals.models import Signal
from signals.rules import LONGEST_TEXT


class LinkForm(HouseForm):
    """A link between two signals that stay two."""

    other = forms.CharField(
        label=_("Reference number of the other signal"),
        help_text=_("For example SIG-2026-000123. Both signals go on by themselves."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What they have in common"), choices=LinkKind.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Explanation"),
        help_text=_("Only the expert centre reads this."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_other(self) -> Signal:
        reference = self.cleaned_data["other"].strip().upper()
        found = Signal.objects.visible_to(self.member).filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(gettext("There is no signal with this reference number."))
        return found

    def clean_kind(self) -> LinkKind:
        return LinkKind(self.cleaned_data["kind"])
