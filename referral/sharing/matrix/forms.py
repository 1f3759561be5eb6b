"""The question whether something may be shared, and a legal rule as its keepers write it."""

from __future__ import annotations

from typing import Any

from django.forms import (
    BooleanField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    HiddenInput,
    IntegerField,
    MultipleChoiceField,
    NumberInput,
    RadioSelect,
    SlugField,
    Textarea,
    ValidationError,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup
from referral.sharing.matrix.actions import Wish
from referral.sharing.matrix.models import AIMS, BASES, LegalRule, Outcome
from referral.sharing.models import LegalBasis

CHOOSE = ("", gettext_lazy("Choose"))
#: Baken itself asks nobody, and is asked nothing.
ORGANISATIONS = [
    (kind.value, kind.label) for kind in OrganisationType if kind != OrganisationType.PLATFORM
]


class QuestionForm(HouseForm):
    """Who shares, about whom, what for, with whom. It asks for no person, and nothing is kept."""

    who = ChoiceField(label=gettext_lazy("Where do you work?"), choices=[CHOOSE, *ORGANISATIONS])
    about = ChoiceField(
        label=gettext_lazy("How old is the person?"), choices=[CHOOSE, *AgeGroup.choices]
    )
    aim = ChoiceField(
        label=gettext_lazy("What do you want to share for?"), choices=[CHOOSE, *AIMS.items()]
    )
    recipient = ChoiceField(label=gettext_lazy("With whom?"), choices=[CHOOSE, *ORGANISATIONS])


#: Questions about the change, and not about the rule.
ABOUT_THE_CHANGE = frozenset({"reason", "ends", "code"})


def several(label: Any, choices: Any, hint: Any) -> MultipleChoiceField:
    return MultipleChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=CheckboxSelectMultiple
    )


class RuleForm(HouseForm):
    """One legal rule; nothing ticked means whoever or whatever."""

    place = IntegerField(
        label=gettext_lazy("Place in the order"),
        min_value=1,
        max_value=9999,
        widget=NumberInput(attrs={"class": "short"}),
        help_text=gettext_lazy("Of the rules that fit, the one with the lowest number decides."),
    )
    outcome = ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=RadioSelect
    )
    basis = ChoiceField(
        label=gettext_lazy("Legal basis"),
        choices=[("", gettext_lazy("None: it is not shared")), *BASES.items()],
        required=False,
    )
    citation = CharField(
        label=gettext_lazy("Articles and source"),
        max_length=300,
        widget=Textarea(attrs={"rows": 2}),
    )
    words_nl = CharField(
        label=gettext_lazy("Explanation in Dutch"),
        max_length=400,
        widget=Textarea(attrs={"rows": 3}),
    )
    words_en = CharField(
        label=gettext_lazy("Explanation in English"),
        max_length=400,
        widget=Textarea(attrs={"rows": 3}),
    )
    confirmed = BooleanField(label=gettext_lazy("A lawyer has confirmed this rule"), required=False)
    sharers = several(
        gettext_lazy("Who shares"), OrganisationType.choices, gettext_lazy("None ticked: whoever.")
    )
    aims = several(
        gettext_lazy("What for"), list(AIMS.items()), gettext_lazy("None ticked: whatever.")
    )
    recipients = several(
        gettext_lazy("With whom"), OrganisationType.choices, gettext_lazy("None ticked: whoever.")
    )
    ages = several(
        gettext_lazy("About whom"), AgeGroup.choices, gettext_lazy("None ticked: of any age.")
    )
    ends = BooleanField(label=gettext_lazy("This rule ends: it is asked no more"), required=False)
    reason = CharField(label=gettext_lazy("Why the rule changes"), max_length=200)
    version = IntegerField(widget=HiddenInput)

    def __init__(self, *args: Any, rule: LegalRule | None = None, **kwargs: Any) -> None:
        if rule is not None:
            names = set(self.base_fields) - ABOUT_THE_CHANGE
            kwargs["initial"] = {name: getattr(rule, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        super().clean()
        outcome, basis = self.cleaned_data.get("outcome"), self.cleaned_data.get("basis", "")
        if outcome == Outcome.NOT_ALLOWED:
            fitting = basis == ""
        elif outcome == Outcome.CONSENT:
            fitting = basis == LegalBasis.CONSENT
        else:
            fitting = basis not in {"", LegalBasis.CONSENT}
        if outcome and not fitting:
            self.add_error("basis", _("This legal basis does not go with the outcome."))
        return self.cleaned_data

    def wish(self) -> Wish:
        return Wish(
            **{
                name: answer
                for name, answer in self.cleaned_data.items()
                if name not in {*ABOUT_THE_CHANGE, "version"}
            }
        )


class NewRuleForm(RuleForm):
    """A rule that is not there yet, with the name under which its versions stand together."""

    code = SlugField(
        label=gettext_lazy("Name of the rule"),
        max_length=40,
        help_text=gettext_lazy("Small letters and underscores, for example youth_to_nidos."),
    )
    field_order = ("code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["ends"], self.fields["version"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).replace("-", "_").lower()
        if LegalRule.objects.of_code(code).exists() or code == "new":
            raise ValidationError(_("There is a rule with this name already."))
        return code
