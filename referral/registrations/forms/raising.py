"""Who a registration without a name is about, after all."""

from typing import Any

from django.utils import timezone

from referral.organisations.models import Membership
from referral.persons.rules import FactsRefused, IdentityFacts, PersonEntry, check_entry
from referral.registrations import rules
from referral.registrations.forms.entries import consent_from, facts_from
from referral.registrations.forms.registration import ABOUT_THE_PERSON, RegistrationForm
from referral.registrations.models import Registration

#: Beside who it is: which look at who may be known came before, and which version was seen.
BESIDE = ("looked", "version")


class RaiseForm(RegistrationForm):
    """The questions that were left out; what was reported is corrected elsewhere."""

    def __init__(
        self, *args: Any, registration: Registration, member: Membership, **kwargs: Any
    ) -> None:
        super().__init__(*args, member=member, **kwargs)
        self.registration = registration
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
        person, answers = self.registration.person, self.cleaned_data
        try:
            rules.check_raise(
                self.member,
                self.registration,
                help_wanted=answers["help_wanted"],
                consent=consent_from(answers),
            )
            check_entry(
                PersonEntry(sex=person.sex, age_group=person.age_group, facts=facts_from(answers)),
                organisation=self.member.organisation.type,
                on=timezone.localdate(),
            )
        except (FactsRefused, rules.RegistrationRefused, rules.MoveRefused) as refused:
            refused.show_in(self)
