"""What the national desk and a reporter who changes their mind fill in."""

from typing import Any

from django.forms import (
    CharField,
    CheckboxSelectMultiple,
    MultipleChoiceField,
    Textarea,
    ValidationError,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from referral.registrations.forms.fields import NO, YES, radio
from referral.registrations.models import Missing, Registration, WithdrawalReason


class ReturnForm(HouseForm):
    """What the reporter is asked to complete."""

    missing = MultipleChoiceField(
        label=gettext_lazy("What is missing"),
        choices=[choice for choice in Missing.choices if choice[0] != Missing.OTHER],
        widget=CheckboxSelectMultiple,
        required=False,
    )
    question = CharField(
        label=gettext_lazy("Question"),
        max_length=2000,
        required=False,
        widget=Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It is kept sealed, and shown to the reporter alone."),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not (self.cleaned_data.get("missing") or self.cleaned_data.get("question")):
            raise ValidationError(_("Say what is missing, or ask a question."))
        return self.cleaned_data


class CompleteForm(HouseForm):
    """The last question before a registration gets its number."""

    care_needed = radio(
        gettext_lazy("Must care be coordinated?"),
        [
            (YES, gettext_lazy("Yes: a case will be offered to a care coordinator")),
            (NO, gettext_lazy("No, registration only")),
        ],
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not registration.is_full:  # of somebody without a name no care can be coordinated
            del self.fields["care_needed"]

    @property
    def wants_care(self) -> bool:
        return bool(self.cleaned_data.get("care_needed") == YES)


class WithdrawForm(HouseForm):
    """Why a report is taken back."""

    reason = radio(gettext_lazy("Why?"), WithdrawalReason.choices)
