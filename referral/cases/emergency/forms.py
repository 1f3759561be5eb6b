"""Why a file must be opened now, and what the privacy officer thinks of it."""

from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, TextInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from referral.access.forms import HouseForm
from referral.cases.emergency.models import EmergencyReason
from referral.cases.emergency.rules import HOURS
from referral.cases.emergency.workflow import Status


class OpenForm(HouseForm):
    """Which case, why, and for how long."""

    reference = CharField(
        label=_("Reference of the case"),
        max_length=20,
        help_text=_("For example CASE-2026-000123. Who called you knows it, or a letter says it."),
        widget=TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}),
    )
    reason = ChoiceField(
        label=_("What is the emergency?"), choices=EmergencyReason.choices, widget=RadioSelect
    )
    words = CharField(
        label=_("What happened, and why can it not wait?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 4}),
        help_text=_("It is kept sealed. The privacy officer and who holds the case read it."),
    )
    hours = ChoiceField(label=_("For how long?"), widget=RadioSelect, initial=HOURS[0])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hours"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = [
            (hours, ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours})
            for hours in HOURS
        ]

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()


class ReviewForm(HouseForm):
    """The verdict, with reasons."""

    verdict = ChoiceField(
        label=_("Was it right to open this file?"),
        choices=[
            (Status.JUSTIFIED.value, Status.JUSTIFIED.label),
            (Status.NOT_JUSTIFIED.value, Status.NOT_JUSTIFIED.label),
        ],
        widget=RadioSelect,
    )
    words = CharField(
        label=_("Why?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=_("Who opened it and who holds the case read this."),
    )
