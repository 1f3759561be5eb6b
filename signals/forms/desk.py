"""What the desk asks, parks and reads a second time, and what the reporter answers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import DayField, HouseForm
from referral.organisations.models import Membership
from signals.actions import colleagues
from signals.models import Signal
from signals.rules import LONGEST_TEXT
from signals.workflow import Feedback

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


class MergeForm(HouseForm):
    """Which other signal is about the same, and why."""

    into = forms.CharField(
        label=_("Reference number of the other signal"),
        help_text=_("For example SIG-2026-000123. This signal goes on in that one."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    reason = words(_("Why they are the same"), _("Only the expert centre reads this."))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_into(self) -> Signal:
        reference = self.cleaned_data["into"].strip().upper()
        found = Signal.objects.visible_to(self.member).filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(gettext("There is no signal with this reference number."))
        return found


class HandOverForm(HouseForm):
    """Which colleague has the signal from now on."""

    to = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(m.pk): m for m in colleagues(member, at=timezone.now())}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose a colleague")),
            *((pk, f"{m.user} ({m.get_role_display()})") for pk, m in self.colleagues.items()),
        ]

    def clean_to(self) -> Membership:
        return self.colleagues[self.cleaned_data["to"]]


class FeedbackForm(HouseForm):
    """What the receiver of a forwarded signal did with it."""

    feedback = forms.ChoiceField(
        label=_("What the receiver did"),
        help_text=_("Only the expert centre reads this."),
        choices=Feedback.choices,
        widget=forms.RadioSelect,
    )

    def clean_feedback(self) -> Feedback:
        return Feedback(self.cleaned_data["feedback"])


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
