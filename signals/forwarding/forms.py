"""What goes along in an extract, and the receiver's feedback."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from signals.enrichment.forms import ListedField, partners
from signals.enrichment.models import FlowBasis
from signals.forms.desk import words
from signals.forwarding.actions import SECTIONS
from signals.forwarding.rules import Packing
from signals.workflow import Feedback

LOOK, CHANGE, SEND = "look", "change", "send"


class ExtractForm(HouseForm):
    """Who gets what of a signal, for which purpose, on which basis."""

    receiver = ListedField(label=_("Receiver"))
    basis = ListedField(label=_("Basis on which you share"))
    purpose = words(
        _("What the receiver needs it for"), _("The receiver reads this, on every page.")
    )
    sections = forms.MultipleChoiceField(
        label=_("What goes along"),
        help_text=_("Who reported never goes along. Free text only where the basis lets names go."),
        choices=[(name, maker.label) for name, maker in SECTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    findings = forms.MultipleChoiceField(
        label=_("Findings of the expert centre"),
        help_text=_("Each one is a choice."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    step = forms.ChoiceField(
        choices=[(step, step) for step in (LOOK, CHANGE, SEND)],
        widget=forms.HiddenInput,
        initial=LOOK,
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, offered: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiver, basis, findings = (self.fields[n] for n in ("receiver", "basis", "findings"))
        if isinstance(receiver, ListedField) and isinstance(basis, ListedField):
            receiver.fill(partners())
            basis.fill(FlowBasis.objects.valid_on(timezone.localdate()))
        if offered:
            findings.choices = list(offered.items())  # type: ignore[attr-defined]
        else:
            del self.fields["findings"]

    def packing(self) -> Packing:
        said = self.cleaned_data
        return Packing(
            receiver=said["receiver"],
            basis=said["basis"],
            purpose=said["purpose"],
            sections=said["sections"],
            findings=[UUID(pk) for pk in said.get("findings", [])],
        )

    def answers(self) -> list[tuple[str, str]]:
        """What was answered, to be sent again with the page that shows the document."""
        names = [name for name in self.fields if name not in ("step", "seen")]
        return [
            (name, value)
            for name in names
            for value in self.data.getlist(name)  # type: ignore[attr-defined]
        ]


class ExtractFeedbackForm(HouseForm):
    """What the receiver did with what it got."""

    feedback = forms.ChoiceField(
        label=_("What your organisation did with it"),
        help_text=_("The expert centre reads this. It then closes the signal."),
        choices=Feedback.choices,
        widget=forms.RadioSelect,
    )

    def clean_feedback(self) -> Feedback:
        return Feedback(self.cleaned_data["feedback"])
