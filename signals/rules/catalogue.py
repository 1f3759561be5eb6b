"""What a reporter is asked, by kind of organisation: one description for the page and the API.

A question is asked when what it hangs on was answered so. Whoever answers a question that is not
asked is refused, on the page and in the API alike. An edition is never changed: what was answered
under it is shown in its words. A new question, or new words for an old one, is a new edition.

Sources: the sectors of labour exploitation are those of the National Rapporteur, the kinds of
control those that municipal and operational inspectors work with (design of the chain, §3, and the
library of indicators, §3). The grounds at a border follow Regulation (EU) 2016/399, article 14.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from referral.organisations.roles import OrganisationType
from signals.rules.naming import FIRST_GROUPS, GROUPS, PERSONS
from signals.rules.questions import (
    Edition,
    Group,
    Profile,
    Question,
    Shape,
    Words,
    choices,
    when,
)

YES_OR_NO = choices(("yes", "ja", _("Yes")), ("no", "nee", _("No")))

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
            ("entry_refused", "toegang_geweigerd", _("Entry refused")),
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
#: The first edition kept this by a code that also says that somebody would not answer.
FIRST_BORDER = tuple(
    replace(
        question,
        choices=tuple(
            replace(one, code="refused") if one.code == "entry_refused" else one
            for one in question.choices
        ),
    )
    for question in BORDER
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


def _edition(
    number: int, *, border: tuple[Question, ...] = BORDER, groups: tuple[Group, ...] = GROUPS
) -> Edition:
    """The forms of all kinds of reporters, with these things to name."""

    def profile(
        code: str, title: Words, *questions: Question, groups: tuple[Group, ...] = groups
    ) -> Profile:
        return Profile(code=code, title=title, questions=questions, groups=groups)

    profiles = (
        profile("police", _("Police"), *CONTROL),
        profile("kmar", _("Marechaussee"), *border, *CONTROL),
        profile("labour", _("Labour inspectorate"), *LABOUR, *CONTROL),
        profile("municipality", _("Municipality"), *MUNICIPAL),
        profile("care", _("Care"), *CARE, groups=(CARE_PERSONS, *groups[1:])),
    )
    return Edition(number, {one.code: one for one in profiles})


FIRST = _edition(1, border=FIRST_BORDER, groups=FIRST_GROUPS)
#: Since then it can be said when something happened.
SECOND = _edition(2)
#: Each edition by its number; the last is the one that is asked.
EDITIONS = {edition.number: edition for edition in (FIRST, SECOND)}
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
