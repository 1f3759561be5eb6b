"""Who comes to the doors of the house: roles, and the groups of them that the table names."""

from dataclasses import dataclass, field

from referral.organisations.roles import SERVICES, Role

R = Role


@dataclass(frozen=True)
class Door:
    """One line of the table."""

    people: frozenset[Role]
    thing: str = ""
    holder: str = ""
    everywhere: frozenset[Role] = field(default_factory=frozenset)
    post: bool = False


def roles(*groups: Role | frozenset[Role]) -> frozenset[Role]:
    return frozenset().union(*(g if isinstance(g, frozenset) else {g} for g in groups))


NOBODY: frozenset[Role] = roles()
EVERYBODY = roles(*Role)
OFFICERS = roles(R.LE_POLICE, R.LE_KMAR, R.LE_NLA)
MUNICIPAL = roles(R.MUNI_REPORTER, R.MUNI_FOCAL)
EMM = roles(R.EMM_ANALYST, R.EMM_COORDINATOR)
IMPORTERS = roles(R.EMM_COORDINATOR)
ROUTING = roles(EMM, R.PLATFORM_ADMIN)
REPORTERS = roles(OFFICERS, MUNICIPAL, EMM, R.PARTNER_NGO, R.SERVICE_TIPS)
RECEIVERS = roles(OFFICERS, R.MUNI_FOCAL)
DESK = roles(R.COM_REGISTRAR)
PLACERS = roles(R.COM_PLACEMENT)
COORDINATORS = roles(R.ZC)
HELPERS = roles(R.PARTNER_NGO, R.SHELTER_WORKER, R.SHELTER_MANAGER)
SHELTERS = roles(R.SHELTER_WORKER, R.SHELTER_MANAGER)
REGISTERERS = roles(OFFICERS, R.ZC, R.SHELTER_MANAGER, R.PARTNER_NGO)
PERSON_READERS = roles(
    OFFICERS, R.ZC, R.SHELTER_MANAGER, R.SHELTER_WORKER, R.PARTNER_NGO, R.COM_REGISTRAR
)
CASE_READERS = roles(COORDINATORS, SHELTERS, DESK, PLACERS)
OPENERS = roles(COORDINATORS, PLACERS, R.SHELTER_MANAGER, R.FG)
SHELTER_READERS = roles(PLACERS, COORDINATORS, SHELTERS)
KEEPERS = roles(OFFICERS, R.IND_LIAISON)
RESIDENCE = roles(KEEPERS, COORDINATORS, DESK, PLACERS)
ANALYSTS = roles(R.NRM_ANALYST)
DELIBERATORS = roles(OFFICERS, R.EMM_PARTNER, R.OM_CHAIR)
STATISTICS = roles(R.SERVICE_STATISTICS)
OVERSEERS = roles(R.FG, R.AUDITOR)

#: Services act in tasks; no person signs in as one.
PEOPLE = tuple(role for role in Role if role not in SERVICES)
