"""Who a registration without a name is about, after all."""

from typing import Any, ClassVar

from django.utils import timezone

from referral.organisations.models import Membership
from referral.persons.rules import FactsRefused, IdentityFacts, PersonEntry, check_entry
from referral.registrations import rules
from referral.registrations.forms.entries import consent_from, facts_from
from referral.registrations.forms.registration import ABOUT_THE_PERSON, RegistrationForm
from referral.registrations.models import Registration
from referral.sharing.rules import representatives

#: Beside who it is: which look at who may be known came before, and which version was seen.
BESIDE = ("looked", "version")


class RaiseForm(RegistrationForm):
    """The questions that were left out; what was reported is corrected elsewhere."""

    #: How old somebody is was reported, and stands above the form.
    ASKED_AS: ClassVar = RegistrationForm.ASKED_AS | {"age_group": "birth_date"}

    def __init__(
        self, *args: Any, registration: Registration, member: Membership, **kwargs: Any
    ) -> None:
        super().__init__(*args, member=member, **kwargs)
        self.registration = registration
        givers = representatives(registration.person.age_group)
        self._offer("consent_given_by", [(one.value, one.label) for one in givers])
        self.fields = {
            name: field
            for name, field in self.fields.items()
            if name in ABOUT_THE_PERSON or name in BESIDE
        }

    @property
    def facts(self) -> IdentityFacts:
        return facts_from(self.cleaned_data)

    @property
    def answers(self) -> dict[str, Any]:
        """As raise_registration takes them."""
        return {
            "facts": self.facts,
            "help_wanted": self.cleaned_data["help_wanted"],
            "consent": consent_from(self.cleaned_data),
            "version": self.cleaned_data["version"],
        }

    def _check_entry(self) -> None:
        known, answers, today = self.registration.person, self.cleaned_data, timezone.localdate()
        person = PersonEntry(sex=known.sex, age_group=known.age_group, facts=facts_from(answers))
        try:
            check_entry(person, organisation=self.member.organisation.type, on=today)
            rules.check_raise(
                self.member,
                self.registration,
                person,
                help_wanted=answers["help_wanted"],
                consent=consent_from(answers),
                on=today,
            )
        except (FactsRefused, rules.RegistrationRefused, rules.MoveRefused) as refused:
            refused.show_in(self)
