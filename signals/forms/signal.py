"""The quick signal in eight questions, and the verdict."""

from collections.abc import Sequence
from typing import Any

from django.forms import (
    BooleanField,
    BoundField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    HiddenInput,
    IntegerField,
    MultipleChoiceField,
    NumberInput,
    RadioSelect,
    Textarea,
    TextInput,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.geography.models import Municipality
from referral.organisations.models import Membership
from signals.forms.fields import PeriodField
from signals.forms.fitted import FittedForm
from signals.models import AgeGroup, Exploitation, PlaceKind, Sex
from signals.rules import (
    LONGEST_FACTS,
    LONGEST_MOTIVATION,
    MOST_VICTIMS,
    Draft,
    draft_errors,
    names_in,
    profile_for,
    reported_without_consent,
    said_errors,
)
from signals.workflow import Verdict

YES, NO = "yes", "no"
ALL_THE_SAME = "all_the_same"
#: In the order in which they are asked.
QUICK = (
    "danger",
    "forms",
    "facts",
    "municipality",
    "place_kind",
    "observed",
    "n_victims",
    "people",
)
PEOPLE = [
    ("girl", _("Girl or girls (under 18)")),
    ("boy", _("Boy or boys (under 18)")),
    ("woman", _("Woman or women")),
    ("man", _("Man or men")),
    ("age_unknown", _("I am not sure of the age")),
    ("sex_unknown", _("I am not sure whether male or female")),
]
SEX_OF = {"girl": Sex.FEMALE, "woman": Sex.FEMALE, "boy": Sex.MALE, "man": Sex.MALE}
AGE_OF = {
    "girl": AgeGroup.MINOR,
    "boy": AgeGroup.MINOR,
    "woman": AgeGroup.ADULT,
    "man": AgeGroup.ADULT,
}
#: Where the check of a draft speaks of something that the form asks in one question.
ASKED_AS = {"sex": "people", "age_group": "people"}


def sex_of(people: list[str]) -> Sex:
    """The sex of the people ticked; unknown when the reporter is not sure."""
    found = {SEX_OF[one] for one in people if one in SEX_OF}
    if "sex_unknown" in people or not found:
        return Sex.UNKNOWN
    return found.pop() if len(found) == 1 else Sex.MIXED


def age_group_of(people: list[str]) -> AgeGroup:
    """The age group of the people ticked; unknown when the reporter is not sure."""
    found = {AGE_OF[one] for one in people if one in AGE_OF}
    if "age_unknown" in people or not found:
        return AgeGroup.UNKNOWN
    return found.pop() if len(found) == 1 else AgeGroup.MIXED


def people_of(sex: str, age_group: str) -> list[str]:
    """The people to tick from which this sex and age group follow."""
    sexes = {sex} if sex in SEX_OF.values() else set(SEX_OF.values())
    ages = {age_group} if age_group in AGE_OF.values() else set(AGE_OF.values())
    ticked = [one for one in SEX_OF if SEX_OF[one] in sexes and AGE_OF[one] in ages]
    unsure = {"age_unknown": age_group == AgeGroup.UNKNOWN, "sex_unknown": sex == Sex.UNKNOWN}
    return [*ticked, *(code for code, is_so in unsure.items() if is_so)]


class SignalForm(FittedForm):
    """The quick signal: eight questions, two minutes, on a phone; and below them the questions of
    the reporter's own organisation, and whom and what the signal names.

    It is made of what a page or a partner's system sends, or of a draft that was kept.
    """

    danger = ChoiceField(
        label=_("Is someone in danger now?"),
        help_text=_("Danger means: locked in, hurt, threatened, or about to be taken away."),
        choices=[(YES, _("Yes, or I think so")), (NO, _("No"))],
        widget=RadioSelect,
    )
    forms = MultipleChoiceField(
        label=_("What do you think is happening?"),
        help_text=_("You may choose more than one."),
        choices=Exploitation.choices,
        widget=CheckboxSelectMultiple,
    )
    facts = CharField(
        label=_("What did you see or hear?"),
        help_text=_(
            "Only what you saw or heard yourself, or what was told to you. Say which of the two."
        ),
        max_length=LONGEST_FACTS,
        widget=Textarea(attrs={"rows": 6}),
    )
    all_the_same = BooleanField(label=_("Send it all the same"), required=False, widget=HiddenInput)
    municipality = ChoiceField()  # with the municipalities of today, see __init__
    place_kind = ChoiceField(
        label=_("What kind of place is it?"), choices=[("", _("Choose")), *PlaceKind.choices]
    )
    observed = PeriodField(
        label=_("When did you see it?"),
        help_text=_("For example today, 31-12-2026, 12-2026 or 2026."),
        widget=TextInput(attrs={"class": "short"}),
    )
    n_victims = IntegerField(
        label=_("How many presumed victims are there?"),
        help_text=_("Leave this empty when you do not know."),
        required=False,
        min_value=1,
        max_value=MOST_VICTIMS,
        widget=NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    people = MultipleChoiceField(
        label=_("Who are they?"),
        help_text=_("You may choose more than one."),
        choices=PEOPLE,
        widget=CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        member: Membership,
        municipalities: Sequence[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        """`municipalities` of today, from who reads many signals and has asked for them once."""
        profile = profile_for(member.organisation.type)
        super().__init__(*args, profile=profile, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Answer this question.")
        if municipalities is None:
            municipalities = Municipality.objects.valid_on(timezone.localdate()).choices()
        self.fields["municipality"] = ChoiceField(
            label=_("In which municipality?"),
            choices=[("", _("Choose")), *municipalities],
            initial=member.organisation.municipality_id,
            error_messages={"required": _("Answer this question.")},
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        at = timezone.now()
        wrong = (
            said_errors(self.said(), today=timezone.localdate(at))
            if self.errors
            else draft_errors(self.draft(), at=at)
        )
        for name, error in wrong.items():
            place = self.place_of(ASKED_AS.get(name, name))
            if place in self.fields and place not in self.errors:
                self.add_error(place, error)
        return self.cleaned_data

    @property
    def named(self) -> list[str]:
        """What looks like somebody's name in a story that may name nobody, until the reporter
        has seen it and sends it all the same.
        """
        if self.cleaned_data[ALL_THE_SAME] or not reported_without_consent(self.said()):
            return []
        return names_in(self.cleaned_data["facts"])

    def quick_questions(self) -> list[BoundField]:
        """The eight that everybody is asked."""
        return [self[name] for name in QUICK]

    def draft(self) -> Draft:
        """What was answered, as a draft for the action."""
        answers = self.cleaned_data
        return Draft(
            forms=answers["forms"],
            facts=answers["facts"],
            place_kind=answers["place_kind"],
            danger=answers["danger"] == YES,
            municipality_code=answers["municipality"],
            observed=answers["observed"],
            n_victims=answers["n_victims"],
            sex=sex_of(answers["people"]),
            age_group=age_group_of(answers["people"]),
            said=self.said(),
        )


class JudgeForm(HouseForm):
    """What the expert centre decides, and why."""

    verdict = ChoiceField(
        label=_("Verdict"),
        help_text=_("The reporter sees this outcome and nothing else."),
        choices=Verdict.choices,
        widget=RadioSelect,
    )
    motivation = CharField(
        label=_("Motivation"),
        help_text=_("Only the expert centre reads this."),
        max_length=LONGEST_MOTIVATION,
        widget=Textarea(attrs={"rows": 5}),
    )
