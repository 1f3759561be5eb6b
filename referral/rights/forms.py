"""What the privacy officer fills in at each step of a request of a person."""

from collections.abc import Sequence
from typing import Any

from django.forms import CharField, ChoiceField, RadioSelect, Textarea, TextInput
from django.utils.translation import gettext_lazy as _

from referral.access.forms import DayField, HouseForm
from referral.registrations.corrections.forms import CorrectionForm
from referral.rights.actions import SafeChannel
from referral.rights.models import CameBy, Delivery, Extension, How, Proof, Refusal, Right
from referral.rights.rules import is_reason_for
from referral.rights.workflow import Status


class ReceiveForm(HouseForm):
    """A request that came in."""

    called = CharField(
        label=_("By which reference do you know the person?"),
        max_length=20,
        help_text=_("Of the person, a registration or a case, such as PER-2026-000123."),
        widget=TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}),
    )
    right = ChoiceField(label=_("What is asked?"), choices=Right.choices, widget=RadioSelect)
    came_by = ChoiceField(
        label=_("How did it come in?"), choices=CameBy.choices, widget=RadioSelect
    )
    received_on = DayField(
        label=_("When did it come in?"),
        help_text=_("The term of one month runs from this day."),
    )
    words = CharField(
        label=_("What does the person ask, in short?"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 4}),
        help_text=_(
            "It is kept sealed. Privacy officers of your organisation read it, and once it is "
            "granted who carries it out."
        ),
    )

    def clean_called(self) -> str:
        return str(self.cleaned_data["called"]).strip().upper()


class IdentityForm(HouseForm):
    """How it was made sure who asks."""

    proof = ChoiceField(
        label=_("How did you make sure who asks?"), choices=Proof.choices, widget=RadioSelect
    )


class BeginForm(HouseForm):
    """Nothing is asked: the button is the step."""


class ExtendForm(HouseForm):
    """Why two months more are needed."""

    extension = ChoiceField(
        label=_("Why is more time needed?"), choices=Extension.choices, widget=RadioSelect
    )


class AnswerForm(HouseForm):
    """The answer to the person, with the reason of what is not done."""

    ANSWERS = (Status.GRANTED, Status.PARTLY_GRANTED, Status.REFUSED, Status.REFERRED)

    outcome = ChoiceField(label=_("What is the answer?"), widget=RadioSelect)
    refusal = ChoiceField(
        label=_("Why is something not done?"),
        required=False,
        help_text=_("Only when you refuse, in whole or in part."),
    )
    words = CharField(
        label=_("The answer, as the person reads it"),
        max_length=4000,
        widget=Textarea(attrs={"rows": 6}),
        help_text=_(
            "Say what was done or why not, and that the person can complain to the Dutch "
            "Data Protection Authority or go to court."
        ),
    )

    def __init__(self, *args: Any, goals: list[Status], right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome, refusal = self.fields["outcome"], self.fields["refusal"]
        assert isinstance(outcome, ChoiceField)  # noqa: S101 -- for the types
        assert isinstance(refusal, ChoiceField)  # noqa: S101 -- for the types
        outcome.choices = [(goal.value, goal.label) for goal in self.ANSWERS if goal in goals]
        reasons = [choice for choice in Refusal.choices if is_reason_for(right, choice[0])]
        refusal.choices = [("", _("Does not apply")), *reasons]


class CloseForm(HouseForm):
    """How the answer reached the person: only ways that are safe can be chosen."""

    delivery = ChoiceField(label=_("How was the answer delivered?"), widget=RadioSelect)

    def __init__(self, *args: Any, channels: list[SafeChannel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        safe = {channel.channel for channel in channels} | {Delivery.COLLECTED.value}
        field = self.fields["delivery"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = [choice for choice in Delivery.choices if choice[0] in safe]


class RectifyForm(CorrectionForm):
    """A correction, and whether the person asked more than this."""

    is_all = ChoiceField(
        label=_("Is this all that the person asked?"),
        help_text=_("Not if a name, a birth date or another registration has to be put right."),
        choices=[
            ("yes", _("Yes: with this correction it is carried out")),
            ("no", _("No: it stays on the list until the rest is done too")),
        ],
        widget=RadioSelect,
    )


class CarryOutForm(HouseForm):
    """That it was done. Where there is one way only, the button says which."""

    how = ChoiceField(label=_("How was it done?"), widget=RadioSelect)

    def __init__(self, *args: Any, ways: Sequence[How], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["how"]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = [(way.value, way.label) for way in ways]
        if len(ways) == 1:
            field.initial = ways[0].value
