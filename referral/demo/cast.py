"""The colleagues of the demo, one for each role. Nobody here exists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.organisations.roles import OrganisationType, Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """A fictitious person behind the demo door, and what there is to do for them."""

    slug: str
    full_name: str
    role: Role
    organisation: str
    work: Promise

    @property
    def email(self) -> str:
        return f"{self.slug}@demo.invalid"


#: Organisations that the colleagues work for: name, type, and the code of the place or unit.
#: The rest of the country (units, municipalities, regions, shelters) is made by seed_country.
POLICE = "Politie-eenheid Rotterdam"
KMAR = "Koninklijke Marechaussee"
NLA = "Nederlandse Arbeidsinspectie"
MUNICIPALITY = "Gemeente Rotterdam"
EMM = "Expertisecentrum Mensenhandel en Mensensmokkel"
OM = "Landelijk Parket"
IND = "Immigratie- en Naturalisatiedienst"
DESK = "CoMensha"
CARE_SOUTH = "Zorgcoördinatie Rotterdam"
CARE_NORTH = "Zorgcoördinatie Groningen"
SHELTER = "Opvang De Vuurtoren (demo)"
YOUTH_SHELTER = "Jeugdopvang De Schelp (demo)"
NGO = "Stichting Voorbeeldhulp (demo)"
RAPPORTEUR = "Nationaal Rapporteur"
PLATFORM = "Baken"

CAST_ORGANISATIONS: tuple[tuple[str, OrganisationType, str], ...] = (
    (POLICE, OrganisationType.POLICE_UNIT, "Rotterdam"),
    (KMAR, OrganisationType.KMAR, ""),
    (NLA, OrganisationType.NLA, ""),
    (MUNICIPALITY, OrganisationType.MUNICIPALITY, "GM0599"),
    (EMM, OrganisationType.EMM, ""),
    (OM, OrganisationType.OM, ""),
    (IND, OrganisationType.IND, ""),
    (DESK, OrganisationType.COMENSHA, ""),
    (CARE_SOUTH, OrganisationType.CARE_COORD, "GM0599"),
    (CARE_NORTH, OrganisationType.CARE_COORD, "GM0014"),
    (SHELTER, OrganisationType.SHELTER, ""),
    (NGO, OrganisationType.NGO, ""),
    (RAPPORTEUR, OrganisationType.RAPPORTEUR, ""),
    (PLATFORM, OrganisationType.PLATFORM, ""),
)

COLLEAGUES: tuple[Colleague, ...] = (
    Colleague("agent", "Anna Voorbeeld", Role.LE_POLICE, POLICE, _("Submit a signal, register")),
    Colleague("marechaussee", "Bas Voorbeeld", Role.LE_KMAR, KMAR, _("Signals at the border")),
    Colleague("inspecteur", "Chris Voorbeeld", Role.LE_NLA, NLA, _("Signals of labour abuse")),
    Colleague("balie", "Dina Voorbeeld", Role.MUNI_REPORTER, MUNICIPALITY, _("Submit a signal")),
    Colleague(
        "aandacht", "Evi Voorbeeld", Role.MUNI_FOCAL, MUNICIPALITY, _("Signals of the municipality")
    ),
    Colleague("beleid", "Fenna Voorbeeld", Role.MUNI_POLICY, MUNICIPALITY, _("Figures by region")),
    Colleague("analist", "Gijs Voorbeeld", Role.EMM_ANALYST, EMM, _("Triage and judgement")),
    Colleague(
        "emm-coordinator", "Hanna Voorbeeld", Role.EMM_COORDINATOR, EMM, _("Triage and import")
    ),
    Colleague("officier", "Sem Voorbeeld", Role.OM_CHAIR, OM, _("Chair the deliberation")),
    Colleague("ind", "Uma Voorbeeld", Role.EMM_PARTNER, IND, _("Take part in the deliberation")),
    Colleague("ind-verblijf", "Vera Voorbeeld", Role.IND_LIAISON, IND, _("Decide on residence")),
    Colleague("registratie", "Ilse Voorbeeld", Role.COM_REGISTRAR, DESK, _("Registrations")),
    Colleague("registratie-2", "Wies Voorbeeld", Role.COM_REGISTRAR, DESK, _("Second registrar")),
    Colleague("plaatsing", "Joris Voorbeeld", Role.COM_PLACEMENT, DESK, _("Beds and placements")),
    Colleague("zorg-zuid", "Kim Voorbeeld", Role.ZC, CARE_SOUTH, _("Cases in Rotterdam")),
    Colleague("zorg-zuid-2", "Bo Voorbeeld", Role.ZC, CARE_SOUTH, _("Stand in for a colleague")),
    Colleague("zorg-noord", "Lars Voorbeeld", Role.ZC, CARE_NORTH, _("Cases in Groningen")),
    Colleague("opvang", "Maud Voorbeeld", Role.SHELTER_WORKER, SHELTER, _("Beds of one shelter")),
    Colleague(
        "jeugdopvang",
        "Yara Voorbeeld",
        Role.SHELTER_WORKER,
        YOUTH_SHELTER,
        _("Beds of a shelter for the young"),
    ),
    Colleague("hulp", "Tess Voorbeeld", Role.PARTNER_NGO, NGO, _("Register with consent")),
    Colleague("rapporteur", "Nora Voorbeeld", Role.NRM_ANALYST, RAPPORTEUR, _("Releases: propose")),
    Colleague("rapporteur-2", "Otis Voorbeeld", Role.NRM_ANALYST, RAPPORTEUR, _("Releases: seal")),
    Colleague("privacy", "Puck Voorbeeld", Role.FG, DESK, _("The log: who opened what")),
    Colleague("beheer", "Quint Voorbeeld", Role.ORG_ADMIN, POLICE, _("Members of one unit")),
    Colleague("platform", "Roos Voorbeeld", Role.PLATFORM_ADMIN, PLATFORM, _("Organisations")),
)
BY_SLUG = {colleague.slug: colleague for colleague in COLLEAGUES}
