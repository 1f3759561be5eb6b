"""The Dutch words of the API for our codes. tests/signals/api holds that no code is left out."""

from collections.abc import Mapping

from signals.models import AgeGroup, Channel, Exploitation, PlaceKind, Sex, WorldRegion
from signals.workflow import Outcome, Status

FORMS = {
    "seksuele_uitbuiting": Exploitation.SEXUAL,
    "arbeidsuitbuiting": Exploitation.LABOUR,
    "criminele_uitbuiting": Exploitation.CRIMINAL,
    "gedwongen_dienstverlening": Exploitation.SERVICES,
    "gedwongen_bedelarij": Exploitation.BEGGING,
    "orgaanverwijdering": Exploitation.ORGAN_REMOVAL,
    "gedwongen_huwelijk": Exploitation.FORCED_MARRIAGE,
    "gedwongen_draagmoederschap": Exploitation.SURROGACY,
    "illegale_adoptie": Exploitation.ILLEGAL_ADOPTION,
    "onbekend": Exploitation.UNKNOWN,
}
PLACE_KINDS = {
    "woning": PlaceKind.HOME,
    "hotel": PlaceKind.HOTEL,
    "club": PlaceKind.CLUB,
    "straat": PlaceKind.STREET,
    "online": PlaceKind.ONLINE,
    "boerderij_of_kas": PlaceKind.FARM,
    "fabriek_of_magazijn": PlaceKind.FACTORY,
    "bouwplaats": PlaceKind.CONSTRUCTION,
    "schip_of_haven": PlaceKind.SHIP,
    "vervoer": PlaceKind.TRANSPORT,
    "winkel_of_salon": PlaceKind.SHOP,
    "horeca": PlaceKind.RESTAURANT,
    "asielopvang": PlaceKind.COA,
    "school": PlaceKind.SCHOOL,
    "grens": PlaceKind.BORDER,
    "anders": PlaceKind.OTHER,
    "onbekend": PlaceKind.UNKNOWN,
}
#: As the web form asks it; sex and age group follow from it.
PEOPLE = {
    "meisje": "girl",
    "jongen": "boy",
    "vrouw": "woman",
    "man": "man",
    "leeftijd_onbekend": "age_unknown",
    "geslacht_onbekend": "sex_unknown",
}
SEXES = {
    "vrouw": Sex.FEMALE,
    "man": Sex.MALE,
    "x": Sex.X,
    "verschillend": Sex.MIXED,
    "onbekend": Sex.UNKNOWN,
}
AGE_GROUPS = {
    "minderjarig": AgeGroup.MINOR,
    "meerderjarig": AgeGroup.ADULT,
    "verschillend": AgeGroup.MIXED,
    "onbekend": AgeGroup.UNKNOWN,
}
CHANNELS = {
    "web": Channel.WEB,
    "telefoon": Channel.PHONE,
    "e_mail": Channel.EMAIL,
    "inspectie": Channel.INSPECTION,
    "partnersysteem": Channel.PARTNER_SYSTEM,
    "buitenland": Channel.INTERNATIONAL,
    "burger": Channel.CITIZEN,
}
WORLD_REGIONS = {
    "afrika": WorldRegion.AFRICA,
    "amerika_of_oceanie": WorldRegion.AMERICAS_OCEANIA,
    "azie": WorldRegion.ASIA,
    "europa": WorldRegion.EUROPE,
    "onbekend": WorldRegion.UNKNOWN,
}
#: As a reporter hears it (`Signal.told_status`): that a signal is parked or read a second time
#: is the expert centre's own.
STATUSES = {
    "ontvangen": Status.RECEIVED,
    "in_beoordeling": Status.TRIAGE,
    "vraag_aan_melder": Status.NEEDS_INFO,
    "samengevoegd": Status.MERGED,
    "doorgezet": Status.FORWARDED,
    "gevolgd": Status.MONITORED,
    "niet_opgepakt": Status.REJECTED,
    "ingetrokken": Status.WITHDRAWN,
    "afgesloten": Status.CLOSED,
}
OUTCOMES = {
    "doorgezet": Outcome.FORWARDED,
    "gevolgd": Outcome.MONITORED,
    "niet_opgepakt": Outcome.REJECTED,
    "samengevoegd": Outcome.MERGED,
    "ingetrokken": Outcome.WITHDRAWN,
}

#: Which form was filled in (`signals.rules.catalogue`).
PROFILES = {
    "politie": "police",
    "marechaussee": "kmar",
    "arbeidsinspectie": "labour",
    "gemeente": "municipality",
    "zorg": "care",
}


def in_dutch(words: Mapping[str, str], code: str) -> str:
    return next(word for word, known in words.items() if known == code)
