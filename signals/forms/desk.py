"""What the desk asks, parks and reads a second time, and what the reporter answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from signals.forms.fields import DayField
from signals.rules import LONGEST_TEXT

CONFIRM, GIVE_BACK = "confirm", "give_back"


def words(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        required=required,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class QuestionForm(HouseForm):
    """What the expert centre wants to know of the reporter."""

    question = words(
        _("Question"),
        _("The reporter and colleagues who may see the signal read this. Give away nothing else."),
    )


class AnswerForm(HouseForm):
    """What the reporter answers."""

    answer = words(_("Answer"), _("What you do not know, you may leave out. Say so."))


class ParkForm(HouseForm):
    """Until when a signal waits, and why."""

    until = DayField(
        label=_("Until"),
        help_text=_("On this day the signal comes back to triage. For example 31-12-2026."),
    )
    reason = words(_("Reason"), _("Only the expert centre reads this."))


class SecondReadingForm(HouseForm):
    """What the second reader thinks of a proposal to reject."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (CONFIRM, _("I agree: this signal is not pursued. The reporter is told.")),
            (GIVE_BACK, _("I do not agree: back to triage. The reporter hears nothing yet.")),
        ],
        widget=forms.RadioSelect,
    )
    remark = words(
        _("Why you give it back"),
        _("Only when you do not agree. Only the expert centre reads this."),
        required=False,
    )
