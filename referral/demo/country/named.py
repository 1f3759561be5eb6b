"""Whom and what the newest signals of the demo name; every name, number and plate is made up."""

from __future__ import annotations

from random import Random

from referral.organisations.models import Membership
from signals.rules import ItemEntry, Said, edition_now, profile_for

#: Numbers that nobody has: the plates are of no series, the telephone numbers are for fiction,
#: the bank account is the example of the standard (ISO 13616).
VAN = {"plate": "XX-99-YY", "looks": "Witte bestelbus met een deuk"}
CAR = {"plate": "YY-88-XX", "looks": "Grijze personenauto"}
PHONE = {"number": "0612345678", "whose": "De man die hen wegbrengt"}
ACCOUNT = {"sort": "iban", "account": "NL91ABNA0417164300"}
PROFILE = {"sort": "instagram", "account": "@verzonnen.baan"}
FIRM = {"company": "Verzonnen Uitzendwerk BV", "kvk": "12345678", "web": "verzonnen.example"}
FIRST_NAMES = ("Ana", "Marek", "Ioana", "Joy", "Li")
FAMILY_NAMES = ("Verzonnen", "Fictief", "Voorbeeld", "Denkbeeldig")
NATIONALITIES = ("RO", "PL", "BG", "NG", "NL")
#: What each profile is asked beside the eight questions.
ANSWERS: dict[str, dict[str, str]] = {
    "police": {"control": "greenhouse", "control_met": "14"},
    "kmar": {"border": "yes", "border_ground": "false_documents"},
    "labour": {"sector": "agriculture", "employer": FIRM["company"], "wages": "held_back"},
    "municipality": {"desk": "address_visit", "registered": "2", "found": "11"},
    "care": {"consent": "no", "no_consent_why": "Er wonen meer mensen."},
}


def said_by(sender: Membership, random: Random) -> Said:
    """The answers of this kind of reporter; the same van and number return here and there."""
    profile = profile_for(sender.organisation.type)
    things = [
        ItemEntry(kind="vehicle", answers=random.choice((VAN, CAR))),
        ItemEntry(kind="phone", answers=PHONE),
        ItemEntry(kind="account", answers=random.choice((ACCOUNT, PROFILE))),
        ItemEntry(kind="company", answers=FIRM),
        ItemEntry(kind="place", answers=address(random)),
    ]
    people = [person("victim", random) for _ in range(random.choice((1, 2, 3)))]
    if profile.code == "care":
        people = [ItemEntry(kind="person", answers={"role": "victim", "sex": "female"})]
    return Said(
        edition=edition_now().number,
        profile=profile.code,
        answers=ANSWERS[profile.code],
        items=[*people, person("suspect", random), *random.sample(things, k=3)],
    )


def person(role: str, random: Random) -> ItemEntry:
    answers = {
        "role": role,
        "sex": random.choice(("female", "male")),
        "given_names": random.choice(FIRST_NAMES),
        "family_name": random.choice(FAMILY_NAMES),
        "birth": str(random.randrange(1975, 2007)),
        "nationality": random.choice(NATIONALITIES),
    }
    return ItemEntry(kind="person", answers=answers)


def address(random: Random) -> dict[str, str]:
    number = str(random.randrange(1, 9))
    return {"role": "lives", "postcode": "1000 AA", "house_number": number, "where": "Fictielaan"}
