"""One presumed victim on one page."""

from typing import Any, ClassVar

from django.forms import (
    BooleanField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    HiddenInput,
    IntegerField,
    MultipleChoiceField,
)
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.geography.models import Municipality
from referral.lib import countries
from referral.organisations.models import Membership
from referral.persons.models import Absence, AgeGroup, Sex
from referral.persons.rules import (
    BSN_USERS,
    STATELESS,
    FactsRefused,
    IdentityFacts,
    PersonEntry,
    check_entry,
)
from referral.registrations import rules
from referral.registrations.forms.entries import entry_from, numbers_of
from referral.registrations.forms.fields import (
    CHOOSE,
    NO,
    SECTORS,
    YES,
    Known,
    Part,
    age,
    radio,
    short,
    text,
    why,
)
from referral.registrations.models import Crossing, HelpWanted, Level, Sector
from referral.sharing.matrix.rules import Ruling
from referral.sharing.models import GivenBy, How
from signals.models import Exploitation

#: Who it is and what that person wants: only where a registration says who it is.
ABOUT_THE_PERSON = frozenset(
    {
        "given_names", "family_name", "name_absent", "aliases", "birth_date", "age_from",
        "age_until", "birth_estimated", "birth_absent", "nationality", "second_nationality",
        "phone", "v_number", "bsn", "help_wanted", "consent_how", "consent_given_by",
        "consent_language", "consent_interpreter",
    }
)  # fmt: skip


class RegistrationForm(HouseForm):
    """One presumed victim: who, what happened, and what the person wants.

    It asks what the level of the registration may hold, and nothing more.
    """

    #: Where an answer is asked by another name.
    ASKED_AS: ClassVar = {
        "consent": "consent_how",
        "nationalities": "nationality",
        "period_to": "period_until",
        "place_absent": "place_country",
    }

    own_reference = text(
        _("Your own reference"),
        max_length=30,
        widget=short(),
        help_text=_("A number or code by which you alone know who it is. No name, no birth date."),
    )
    given_names = Known(label=_("First names"), max_length=120)
    family_name = Known(
        label=_("Family name"),
        max_length=120,
        help_text=_("In any script. Somebody with one name: fill in one of the two."),
    )
    name_absent = why(_("No name? Say why"))
    aliases = text(
        _("Other names"),
        max_length=300,
        help_text=_("Nicknames and earlier names, with commas between them."),
    )
    birth_date = Part(
        label=_("Birth date"),
        help_text=_("As far as it is known: 31-12-1990, 12-1990 or 1990."),
        widget=short(),
    )
    age_from = age(_("Looks at least (years old)"))
    age_until = age(_("Looks at most (years old)"))
    birth_estimated = BooleanField(label=_("The year is a guess"), required=False)
    birth_absent = why(_("No birth date? Say why"))
    age_group = ChoiceField(
        label=_("Age"),
        choices=[("", _("Follows from the birth date")), *AgeGroup.choices],
        required=False,
    )
    is_minor = radio(
        _("Under 18?"),
        [(YES, _("Yes")), (NO, _("No")), ("", _("Not known"))],
        required=False,
        help_text=_("Only needed when the age is unknown."),
    )
    sex = radio(_("Sex"), Sex.choices)
    nationality = ChoiceField(label=_("Nationality"))
    second_nationality = ChoiceField(label=_("Second nationality"), required=False)
    phone = text(_("Telephone"), widget=short(inputmode="tel"))
    v_number = text(_("V-number"), widget=short(inputmode="numeric"))
    bsn = text(_("Citizen service number (BSN)"), widget=short(inputmode="numeric"))

    forms = MultipleChoiceField(
        label=_("Forms of exploitation"),
        choices=Exploitation.choices,
        widget=CheckboxSelectMultiple,
    )
    primary_form = ChoiceField(
        label=_("Main form"),
        choices=[("", _("The first that I chose")), *Exploitation.choices],
        required=False,
    )
    sector = ChoiceField(
        label=_("Sector"),
        choices=[
            CHOOSE,
            *((group, [(Sector(code).value, Sector(code).label) for code in codes.split()])
              for group, codes in SECTORS),
            ("not_asked", Absence.NOT_ASKED.label),
        ],
    )  # fmt: skip
    period_from = Part(
        label=_("From"),
        help_text=_("A day, a month (03-2026) or a year."),
        widget=short(),
    )
    period_until = Part(label=_("Until and including"), widget=short())
    period_absent = why(_("No period? Say why"))
    place_country = ChoiceField(label=_("Country of the exploitation"))
    place_municipality = ChoiceField(
        label=_("Municipality"),
        required=False,
        help_text=_("When it took place in the Netherlands."),
    )
    crossing = radio(
        _("Was a border crossed?"),
        [*Crossing.choices, ("not_asked", Absence.NOT_ASKED.label)],
    )
    help_wanted = radio(_("Does the person want help?"), HelpWanted.choices)
    referrer_type = ChoiceField(label=_("Who reports"), required=False)
    consent_how = ChoiceField(
        label=_("How did the person agree?"),
        choices=[("", _("Not asked, or did not agree")), *How.choices],
        required=False,
    )
    consent_given_by = ChoiceField(label=_("Who agreed?"), choices=GivenBy.choices, required=False)
    consent_language = ChoiceField(label=_("In which language?"), required=False)
    consent_interpreter = BooleanField(label=_("With an interpreter"), required=False)

    #: Which look at who may be known already came before; the page with that look asks it.
    looked = CharField(max_length=64, required=False, widget=HiddenInput)
    #: Which version of the identity the reporter saw; only when completing.
    version = IntegerField(widget=HiddenInput)

    def __init__(
        self,
        *args: Any,
        member: Membership,
        version: int | None = None,
        level: str = Level.FULL,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.level = member, level
        if version is None:
            del self.fields["version"]
        else:
            self.initial["version"] = version
        language = "nl" if (get_language() or "nl").startswith("nl") else "en"
        world = countries.choices(language)
        absent = [(code, label) for code, label in Absence.choices]
        netherlands = [("NL", countries.names(language)["NL"])]
        self._offer("nationality", [CHOOSE, *absent, (STATELESS, _("Stateless")), *world])
        self._offer("second_nationality", [("", _("None")), *world])
        self._offer("place_country", [CHOOSE, *netherlands, *absent, *world])
        today = Municipality.objects.valid_on(timezone.localdate()).choices()
        self._offer("place_municipality", [("", _("Not known, or abroad")), *today])
        self._offer("consent_language", [("", _("Choose")), *countries.spoken(language)])
        referrers = rules.referrers(member)
        if len(referrers) > 1:
            self._offer("referrer_type", [(one.value, one.label) for one in referrers])
        else:
            del self.fields["referrer_type"]
        if member.organisation.type not in BSN_USERS:
            del self.fields["bsn"]
        self._ask_for_level()

    def _ask_for_level(self) -> None:
        if self.level == Level.PSEUDONYMOUS:
            self.fields["own_reference"].required = True
        else:
            del self.fields["own_reference"]
        if self.level != Level.FULL:
            for name in ABOUT_THE_PERSON & self.fields.keys() | {"looked"}:
                del self.fields[name]
            self._offer("age_group", [CHOOSE, *AgeGroup.choices])
            self.fields["age_group"].required = True
        elif self.ruling.needs_consent:
            how = self.fields["consent_how"]
            how.required, how.error_messages["required"] = True, rules.ASK_FIRST

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, ChoiceField)  # noqa: S101 -- for the types
        field.choices = choices

    @cached_property
    def ruling(self) -> Ruling:
        """On what this organisation reports, for the words above the form."""
        return rules.ruling_for(self.member, level=self.level)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_reasons()
        self._check_numbers()
        if not self.errors:
            self._check_entry()
        return self.cleaned_data

    def _check_reasons(self) -> None:
        answers = self.cleaned_data
        for name, reason, given in (
            ("given_names", "name_absent", ("given_names", "family_name")),
            ("birth_date", "birth_absent", ("birth_date", "age_from", "age_until")),
            ("period_from", "period_absent", ("period_from", "period_until")),
        ):
            if name not in self.fields or self.errors.keys() & set(given):
                continue
            known = any(answers.get(one) for one in given)
            if known and answers.get(reason):
                self.add_error(reason, _("You filled it in. Leave this as it is."))
            elif not known and not answers.get(reason):
                self.add_error(name, _("Fill this in, or say why you cannot."))

    def _check_numbers(self) -> None:
        """At once with what is empty, so that nobody mends a form twice."""
        try:
            check_entry(
                PersonEntry(
                    sex=Sex.UNKNOWN,
                    age_group=AgeGroup.UNKNOWN,
                    facts=IdentityFacts(**numbers_of(self.cleaned_data)),
                ),
                organisation=self.member.organisation.type,
                on=timezone.localdate(),
            )
        except FactsRefused as refused:
            refused.show_in(self)

    def _check_entry(self) -> None:
        """Ask the rules of the deed now, so that their sentences stand beside the questions."""
        entry, today = self.entry(), timezone.localdate()
        try:
            rules.check_entry(entry, by=self.member, on=today)
        except rules.RegistrationRefused as refused:
            refused.show_in(self)
        try:
            check_entry(entry.person, organisation=self.member.organisation.type, on=today)
        except FactsRefused as refused:
            refused.show_in(self)

    def entry(self, **more: Any) -> rules.RegistrationEntry:
        """The report as the action takes it; `more` is what the form does not ask."""
        return entry_from(self.cleaned_data, level=self.level, **more)
