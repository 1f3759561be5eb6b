"""What a reporter is asked, by kind of organisation: one description for the page and the API.

A question is asked when what it hangs on was answered so. Whoever answers a question that is not
asked is refused, on the page and in the API alike. An edition is never changed: what was answered
under it is shown in its words. A new question, or new words for an old one, is a new edition.

Sources: the sectors of labour exploitation are those of the National Rapporteur, the kinds of
control those that municipal and operational inspectors work with (design of the chain, §3, and the
library of indicators, §3). The grounds at a border follow Regulation (EU) 2016/399, article 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from referral.lib import countries
from referral.organisations.roles import OrganisationType
from signals.models import Absence, ItemKind

if TYPE_CHECKING:
    from django.utils.functional import Promise

    Words = str | Promise

LONGEST_ANSWER = 200
MOST_ITEMS = 20


class Shape(StrEnum):
    """What an answer looks like."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose: as it is kept, as a partner's system says it, and in words."""

    code: str
    said: str
    label: Words


@dataclass(frozen=True, slots=True)
class When:
    """That a question was answered with one of these."""

    question: str
    answers: frozenset[str]


def when(question: str, *answers: str) -> When:
    return When(question, frozenset(answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; in JSON it is called `said`.

    It is asked `if_` this was answered, and not where all of `unless` was.
    """

    name: str
    said: str
    label: Words
    help_text: Words = ""
    shape: Shape = Shape.TEXT
    choices: tuple[Choice, ...] = ()
    required: bool = False
    if_: When | None = None
    unless: tuple[When, ...] = ()

    def asked(self, answers: Mapping[str, str]) -> bool:
        """Whether it is asked of who answered this."""
        if self.if_ is not None and answers.get(self.if_.question) not in self.if_.answers:
            return False
        return not self.unless or not all(
            answers.get(one.question) in one.answers for one in self.unless
        )

    def in_words(self, code: str) -> str:
        """An answer as it is shown."""
        if code in Absence.values:
            return str(Absence(code).label)
        return str(next((one.label for one in self.choices if one.code == code), code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What can be named more than once; a list called `said` in JSON."""

    kind: ItemKind
    said: str
    title: Words
    add: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The form of one kind of reporter: the questions beside the eight that all have."""

    code: str
    title: Words
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]

    @property
    def by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @property
    def branching(self) -> set[str]:
        """The questions from whose answer it follows what else is asked."""
        questions = (*self.questions, *(q for group in self.groups for q in group.questions))
        found = {question.if_.question for question in questions if question.if_}
        return found | {one.question for question in questions for one in question.unless}

    def group(self, kind: str) -> Group:
        return next(group for group in self.groups if group.kind == kind)


@dataclass(frozen=True, slots=True)
class Edition:
    """All forms as they were on a day, by the code of their profile."""

    number: int
    profiles: Mapping[str, Profile]

    def questions(self) -> Iterator[Question]:
        """Each question of any profile once."""
        seen: set[str] = set()
        for profile in self.profiles.values():
            for question in profile.questions:
                if question.name not in seen:
                    seen.add(question.name)
                    yield question


def choices(*rows: tuple[str, str, Words]) -> tuple[Choice, ...]:
    return tuple(Choice(*row) for row in rows)


#: The reasons for having no answer, as a partner's system says them.
ABSENCES = {
    "onbekend": Absence.UNKNOWN,
    "wil_niet_zeggen": Absence.REFUSED,
    "niet_gevraagd": Absence.NOT_ASKED,
    "niet_van_toepassing": Absence.NOT_APPLICABLE,
}
YES_OR_NO = choices(("yes", "ja", _("Yes")), ("no", "nee", _("No")))
NATIONALITIES = tuple(Choice(code, code, code) for code in sorted(countries.CODES))
PERSONS = Group(
    kind=ItemKind.PERSON,
    said="betrokkenen",
    title=_("Persons"),
    add=_("Add a person"),
    questions=(
        Question(
            name="role",
            said="rol",
            label=_("Who is this?"),
            shape=Shape.CHOICE,
            required=True,
            choices=choices(
                ("victim", "slachtoffer", _("Presumed victim")),
                ("suspect", "verdachte", _("Suspect")),
                ("witness", "getuige", _("Witness")),
            ),
        ),
        Question(
            name="sex",
            said="geslacht",
            label=_("Sex"),
            shape=Shape.CHOICE,
            choices=choices(
                ("female", "vrouw", _("Female")), ("male", "man", _("Male")), ("x", "x", _("X"))
            ),
        ),
        Question(name="given_names", said="voornamen", label=_("First names")),
        Question(name="family_name", said="achternaam", label=_("Family name")),
        Question(
            name="birth",
            said="geboren",
            label=_("Born in"),
            shape=Shape.DAY,
            help_text=_("A day (31-12-1990) or a year (1990)."),
        ),
        Question(
            name="nationality",
            said="nationaliteit",
            label=_("Nationality"),
            shape=Shape.CHOICE,
            choices=NATIONALITIES,
        ),
    ),
)
PLACES = Group(
    kind=ItemKind.PLACE,
    said="adressen",
    title=_("Addresses"),
    add=_("Add an address"),
    questions=(
        Question(
            name="role",
            said="rol",
            label=_("What happens there?"),
            shape=Shape.CHOICE,
            choices=choices(
                ("works", "werken", _("Where they work")),
                ("lives", "verblijven", _("Where they stay")),
                ("meets", "ontmoeten", _("Where they are recruited or met")),
            ),
        ),
        Question(
            name="postcode",
            said="postcode",
            label=_("Postcode"),
            help_text=_("For example 1234 AB."),
        ),
        Question(name="house_number", said="huisnummer", label=_("House number")),
        Question(name="where", said="omschrijving", label=_("Street, or how to find it")),
    ),
)
VEHICLES = Group(
    kind=ItemKind.VEHICLE,
    said="voertuigen",
    title=_("Vehicles"),
    add=_("Add a vehicle"),
    questions=(
        Question(name="plate", said="kenteken", label=_("Number plate")),
        Question(name="looks", said="omschrijving", label=_("Make, type and colour")),
    ),
)
PHONES = Group(
    kind=ItemKind.PHONE,
    said="telefoonnummers",
    title=_("Telephone numbers"),
    add=_("Add a telephone number"),
    questions=(
        Question(name="number", said="nummer", label=_("Telephone number")),
        Question(name="whose", said="van_wie", label=_("Whose is it?")),
    ),
)
ACCOUNTS = Group(
    kind=ItemKind.ACCOUNT,
    said="accounts",
    title=_("Bank accounts and accounts online"),
    add=_("Add an account"),
    questions=(
        Question(
            name="sort",
            said="soort",
            label=_("What kind of account is it?"),
            shape=Shape.CHOICE,
            required=True,
            choices=choices(
                ("iban", "iban", _("Bank account (IBAN)")),
                ("instagram", "instagram", _("Instagram")),
                ("snapchat", "snapchat", _("Snapchat")),
                ("telegram", "telegram", _("Telegram")),
                ("tiktok", "tiktok", _("TikTok")),
                ("advertisement", "advertentie", _("Advertisement")),
                ("email", "e_mail", _("E-mail address")),
                ("other", "anders", _("Something else")),
            ),
        ),
        Question(name="account", said="account", label=_("Number, name or address")),
    ),
)
COMPANIES = Group(
    kind=ItemKind.COMPANY,
    said="bedrijven",
    title=_("Companies"),
    add=_("Add a company"),
    questions=(
        Question(name="company", said="naam", label=_("Name of the company")),
        Question(name="kvk", said="kvk_nummer", label=_("Chamber of Commerce number")),
        Question(name="web", said="domein_of_e_mail", label=_("Website or e-mail address")),
    ),
)
GROUPS = (PERSONS, PLACES, VEHICLES, PHONES, ACCOUNTS, COMPANIES)

CONTROL = (
    Question(
        name="control",
        said="controle",
        label=_("Was it seen at a control visit?"),
        shape=Shape.CHOICE,
        choices=choices(
            ("none", "geen", _("No control visit")),
            ("integral", "integraal", _("With several services")),
            ("sex_business", "seksinrichting", _("Sex business")),
            ("greenhouse", "kassen_of_tuinbouw", _("Greenhouses or horticulture")),
            ("illegal_sex_work", "illegale_prostitutie", _("Sex work without a licence")),
            ("home", "woning", _("House or flat")),
            ("company", "bedrijf", _("Company")),
        ),
    ),
    Question(
        name="control_met",
        said="aangetroffen_personen",
        label=_("How many people were met there?"),
        shape=Shape.NUMBER,
        required=True,
        if_=when(
            "control",
            "integral",
            "sex_business",
            "greenhouse",
            "illegal_sex_work",
            "home",
            "company",
        ),
    ),
)
BORDER = (
    Question(
        name="border",
        said="grenscontrole",
        label=_("Was it seen at a border?"),
        shape=Shape.CHOICE,
        choices=YES_OR_NO,
    ),
    Question(
        name="border_ground",
        said="grond_grens",
        label=_("What was decided at the border?"),
        shape=Shape.CHOICE,
        required=True,
        if_=when("border", "yes"),
        choices=choices(
            ("refused", "toegang_geweigerd", _("Entry refused")),
            ("no_documents", "geen_documenten", _("No valid documents")),
            ("false_documents", "valse_documenten", _("False documents")),
            ("asylum", "asielaanvraag", _("Asked for asylum")),
            ("let_through", "doorgelaten", _("Let through")),
        ),
    ),
    Question(
        name="border_place",
        said="grenspost",
        label=_("At which border post, flight or ship?"),
        if_=when("border", "yes"),
    ),
)
LABOUR = (
    Question(
        name="sector",
        said="sector",
        label=_("In which sector?"),
        shape=Shape.CHOICE,
        required=True,
        choices=choices(
            ("agriculture", "land_en_tuinbouw", _("Agriculture, forestry or fishing")),
            ("household", "huishoudelijk_werk", _("Work in a household")),
            ("catering", "horeca", _("Hotels, restaurants and cafés")),
            ("industry", "industrie", _("Industry")),
            ("construction", "bouw", _("Construction")),
            ("transport", "vervoer_en_opslag", _("Transport and storage")),
            ("trade", "handel", _("Shops and wholesale")),
            ("cleaning", "schoonmaak", _("Cleaning")),
            ("salons", "salons", _("Nail and beauty salons")),
            ("other", "overig", _("Another sector")),
        ),
    ),
    Question(name="employer", said="werkgever", label=_("Who is the employer?")),
    Question(
        name="agency",
        said="uitzendbureau",
        label=_("Are they sent by an agency?"),
        shape=Shape.CHOICE,
        choices=YES_OR_NO,
    ),
    Question(
        name="housing",
        said="huisvesting_door_werkgever",
        label=_("Does the employer house them?"),
        shape=Shape.CHOICE,
        choices=YES_OR_NO,
    ),
    Question(
        name="housing_people",
        said="bewoners",
        label=_("How many people live there?"),
        shape=Shape.NUMBER,
        if_=when("housing", "yes"),
    ),
    Question(
        name="wages",
        said="loon",
        label=_("How are they paid?"),
        shape=Shape.CHOICE,
        choices=choices(
            ("as_agreed", "volgens_afspraak", _("As agreed")),
            ("too_little", "te_weinig", _("Less than the minimum wage")),
            ("held_back", "ingehouden", _("Much is held back")),
            ("nothing", "niets", _("Not at all")),
        ),
    ),
    Question(
        name="wages_kept",
        said="inhoudingen",
        label=_("What is held back, and for what?"),
        if_=when("wages", "too_little", "held_back"),
    ),
)
MUNICIPAL = (
    Question(
        name="desk",
        said="waar_gezien",
        label=_("Where in your work did you see it?"),
        shape=Shape.CHOICE,
        choices=choices(
            ("counter", "balie", _("At the counter")),
            ("neighbourhood", "wijkteam", _("In a neighbourhood team")),
            ("address_visit", "adresonderzoek", _("On an address visit (BRP)")),
            ("inspection", "toezicht", _("On inspection or enforcement")),
            ("other", "anders", _("Otherwise")),
        ),
    ),
    Question(
        name="registered",
        said="ingeschreven",
        label=_("How many people are registered at the address?"),
        shape=Shape.NUMBER,
        if_=when("desk", "address_visit"),
    ),
    Question(
        name="found",
        said="aangetroffen",
        label=_("How many people did you find there?"),
        shape=Shape.NUMBER,
        required=True,
        if_=when("desk", "address_visit"),
    ),
)
#: Without consent no name of the person leaves the organisation of care.
NO_CONSENT = when("consent", "no", "not_possible")
CARE = (
    Question(
        name="consent",
        said="toestemming",
        label=_("Does the person agree that you report this?"),
        help_text=_("You may also report without consent; then without who the person is."),
        shape=Shape.CHOICE,
        required=True,
        choices=choices(
            ("yes", "ja", _("Yes")),
            ("no", "nee", _("No")),
            ("not_possible", "niet_mogelijk", _("It was not possible or not safe to ask")),
        ),
    ),
    Question(
        name="consent_on",
        said="toestemming_gegeven_op",
        label=_("When did the person agree?"),
        shape=Shape.DAY,
        required=True,
        if_=when("consent", "yes"),
    ),
    Question(
        name="safe_contact",
        said="veilig_contact",
        label=_("How can the person be reached safely?"),
        if_=when("consent", "yes"),
    ),
    Question(
        name="no_consent_why",
        said="waarom_toch_melden",
        label=_("Why do you report it all the same?"),
        if_=NO_CONSENT,
    ),
)
_SECRET = {"given_names", "family_name", "birth"}
CARE_PERSONS = replace(
    PERSONS,
    questions=tuple(
        replace(question, unless=(NO_CONSENT, when("role", "victim", "witness")))
        if question.name in _SECRET
        else question
        for question in PERSONS.questions
    ),
)


def _profile(
    code: str, title: Words, *questions: Question, groups: tuple[Group, ...] = GROUPS
) -> Profile:
    return Profile(code=code, title=title, questions=questions, groups=groups)


FIRST = Edition(
    1,
    {
        "police": _profile("police", _("Police"), *CONTROL),
        "kmar": _profile("kmar", _("Marechaussee"), *BORDER, *CONTROL),
        "labour": _profile("labour", _("Labour inspectorate"), *LABOUR, *CONTROL),
        "municipality": _profile("municipality", _("Municipality"), *MUNICIPAL),
        "care": _profile("care", _("Care"), *CARE, groups=(CARE_PERSONS, *GROUPS[1:])),
    },
)
#: Each edition by its number; the last is the one that is asked.
EDITIONS = {edition.number: edition for edition in (FIRST,)}
#: Who is asked which questions; every other organisation those of care.
PROFILE_OF: dict[str, str] = {
    OrganisationType.POLICE_UNIT: "police",
    OrganisationType.EMM: "police",
    OrganisationType.OM: "police",
    OrganisationType.KMAR: "kmar",
    OrganisationType.NLA: "labour",
    OrganisationType.MUNICIPALITY: "municipality",
    OrganisationType.VO_CENTRE: "municipality",
}


def edition_now() -> Edition:
    return EDITIONS[max(EDITIONS)]


def profile_for(organisation_type: str) -> Profile:
    """What a reporter of such an organisation is asked today."""
    return edition_now().profiles[PROFILE_OF.get(organisation_type, "care")]


def profile_of(edition: int, code: str) -> Profile:
    """The questions as they were asked in that edition."""
    return EDITIONS[edition].profiles[code]
