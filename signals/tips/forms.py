"""What a citizen is asked: little, in plain words, and nothing about the citizen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.geography.models import Municipality
from signals.forms.fields import PeriodField
from signals.forms.signal import ASKED_AS, NO, PEOPLE, YES, age_group_of, sex_of
from signals.models import Channel, Exploitation, PlaceKind
from signals.rules import LONGEST_FACTS, LONGEST_TEXT, Draft, draft_errors

#: What people see in the street; rarer forms are found by the expert centre.
WHAT = [
    (Exploitation.SEXUAL.value, _("Somebody must have sex for money")),
    (Exploitation.LABOUR.value, _("Somebody must work in bad conditions, or is not paid")),
    (Exploitation.CRIMINAL.value, _("Somebody must commit crimes")),
    (Exploitation.SERVICES.value, _("Somebody must work in a household and cannot leave")),
    (Exploitation.BEGGING.value, _("Somebody must beg")),
    (Exploitation.UNKNOWN.value, _("Something else, or I do not know")),
]
LOOSE_FACTS = 3


class TipForm(HouseForm):
    """Danger first, then what, where, when and who; only two questions need an answer."""

    #: Where the check of a draft speaks of something that is asked here by another name.
    ASKED_AS = {**ASKED_AS, "forms": "what"}

    danger = forms.ChoiceField(
        label=_("Is someone in danger now?"),
        help_text=_("Danger means: locked in, hurt, threatened, or about to be taken away."),
        choices=[(YES, _("Yes, or I think so")), (NO, _("No"))],
        widget=forms.RadioSelect,
    )
    facts = forms.CharField(
        label=_("What did you see or hear?"),
        help_text=_("Leave your own name and number out. You need no proof."),
        max_length=LONGEST_FACTS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    what = forms.MultipleChoiceField(
        label=_("What do you think is happening?"),
        help_text=_("You may choose more than one."),
        choices=WHAT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    municipality = forms.ChoiceField()  # with the municipalities of today, see __init__
    place_kind = forms.ChoiceField(
        label=_("What kind of place is it?"),
        choices=[("", _("I do not know")), *PlaceKind.choices[:-1]],
        required=False,
    )
    observed = PeriodField(
        label=_("When did you see it?"),
        help_text=_("For example today, 31-12-2026, 12-2026 or 2026."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )
    people = forms.MultipleChoiceField(
        label=_("Who are they?"),
        help_text=_("You may choose more than one."),
        choices=PEOPLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("danger", "facts"):
            self.fields[name].error_messages["required"] = _("Answer this question.")
        today = Municipality.objects.valid_on(timezone.localdate())
        self.fields["municipality"] = forms.ChoiceField(
            label=_("In which municipality?"),
            choices=[("", _("I do not know")), *today.choices()],
            required=False,
        )
        for number in range(1, LOOSE_FACTS + 1):
            self.fields[f"loose_{number}"] = forms.CharField(
                label=_("Loose fact %s") % number,
                help_text=_(
                    "For example a number plate, a street, a website or a telephone number."
                )
                if number == 1
                else "",
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            for name, error in draft_errors(self.draft(), at=timezone.now()).items():
                self.add_error(self.ASKED_AS.get(name, name), error)
        return self.cleaned_data

    def draft(self) -> Draft:
        """What was answered, as a draft of a signal."""
        answers = self.cleaned_data
        loose = [answers[f"loose_{number}"].strip() for number in range(1, LOOSE_FACTS + 1)]
        told = {str(number): text for number, text in enumerate(loose, start=1) if text}
        return Draft(
            forms=answers["what"] or [Exploitation.UNKNOWN.value],
            facts=answers["facts"],
            place_kind=answers["place_kind"] or PlaceKind.UNKNOWN.value,
            danger=answers["danger"] == YES,
            municipality_code=answers["municipality"],
            observed=answers["observed"],
            sex=sex_of(answers["people"]),
            age_group=age_group_of(answers["people"]),
            channel=Channel.CITIZEN,
            details=told,
        )


def code_field() -> forms.CharField:
    attributes = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(
        label=_("Your code"),
        help_text=_("16 digits, with or without spaces."),
        max_length=40,
        widget=forms.TextInput(attrs=attributes),
    )


def words_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )


class CodeForm(HouseForm):
    """The way back to a tip."""

    code = code_field()


class AnswerTipForm(HouseForm):
    """An answer to the question of the expert centre."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    answer = words_field(_("Your answer"))


class AddForm(HouseForm):
    """What somebody knows more of a tip."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    text = words_field(_("What do you want to add?"))
