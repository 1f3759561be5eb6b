"""What is asked of a person, an address, a period, a vehicle and whatever else has rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from referral.lib import countries
from signals.models import Absence, ItemKind
from signals.rules.questions import Choice, Group, Question, Shape, choices

#: The reasons for having no answer, as a partner's system says them.
ABSENCES = {
    "onbekend": Absence.UNKNOWN,
    "wil_niet_zeggen": Absence.REFUSED,
    "niet_gevraagd": Absence.NOT_ASKED,
    "niet_van_toepassing": Absence.NOT_APPLICABLE,
}
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
            label=_("Birth date or birth year"),
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
                ("instagram", "instagram", "Instagram"),
                ("snapchat", "snapchat", "Snapchat"),
                ("telegram", "telegram", "Telegram"),
                ("tiktok", "tiktok", "TikTok"),
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
PERIODS = Group(
    kind=ItemKind.PERIOD,
    said="perioden",
    title=_("When it happened"),
    add=_("Add a period"),
    questions=(
        Question(
            name="what",
            said="wat",
            label=_("What happened then?"),
            help_text=_("For example: worked there, was locked in, travelled."),
        ),
        Question(
            name="since",
            said="van",
            label=_("From"),
            shape=Shape.PERIOD,
            required=True,
            help_text=_("A day (31-12-2026), a month (12-2026) or a year (2026)."),
        ),
        Question(
            name="until",
            said="tot_en_met",
            label=_("Until and including"),
            shape=Shape.PERIOD,
            help_text=_("Leave this empty when it still goes on, or when you do not know."),
        ),
        Question(
            name="sure",
            said="zekerheid",
            label=_("How sure are these dates?"),
            shape=Shape.CHOICE,
            choices=choices(
                ("exact", "zeker", _("Certain")),
                ("about", "ongeveer", _("About then")),
                ("guess", "vermoeden", _("A guess")),
            ),
        ),
    ),
)
#: What the first edition asked, and what is asked since the second.
FIRST_GROUPS = (PERSONS, PLACES, VEHICLES, PHONES, ACCOUNTS, COMPANIES)
GROUPS = (PERSONS, PLACES, PERIODS, VEHICLES, PHONES, ACCOUNTS, COMPANIES)
