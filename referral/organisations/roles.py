"""The roles of the chain: who they are, which side of the wall, in which kind of organisation."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationType(models.TextChoices):
    """What an organisation is in the chain (soort organisatie)."""

    POLICE_UNIT = "police_unit", _("Police unit")
    KMAR = "kmar", _("Royal Netherlands Marechaussee")
    NLA = "nla", _("Labour Authority")
    EMM = "emm", _("Expert centre on trafficking and smuggling (EMM)")
    OM = "om", _("Public Prosecution Service")
    COMENSHA = "comensha", _("National desk (CoMensha)")
    CARE_COORD = "care_coord", _("Care coordination")
    SHELTER = "shelter", _("Shelter")
    MUNICIPALITY = "municipality", _("Municipality")
    VO_CENTRE = "vo_centre", _("Centre municipality for women's shelter")
    YOUTH = "youth", _("Youth care")
    NIDOS = "nidos", _("Guardianship for unaccompanied minors (Nidos)")
    COA = "coa", _("Reception of asylum seekers (COA)")
    IND = "ind", _("Immigration service (IND)")
    NGO = "ngo", _("Non-governmental organisation")
    LAWYER = "lawyer", _("Law office")
    VSH = "vsh", _("Victim support")
    RIEC = "riec", _("Regional information and expertise centre (RIEC)")
    ZVH = "zvh", _("Care and safety house")
    TASKFORCE = "taskforce", _("Task force")
    RAPPORTEUR = "rapporteur", _("National Rapporteur")
    MINISTRY = "ministry", _("Ministry")
    VNG = "vng", _("Association of municipalities (VNG)")
    CCV = "ccv", _("Centre for crime prevention and safety (CCV)")
    PLATFORM = "platform", _("Baken itself")


class Role(models.TextChoices):
    """What a person does for an organisation (rol)."""

    MUNI_REPORTER = "muni_reporter", _("Municipal front-line worker")
    MUNI_FOCAL = "muni_focal", _("Municipal focal officer")
    MUNI_POLICY = "muni_policy", _("Municipal policy officer")
    LE_POLICE = "le_police", _("Police officer")
    LE_KMAR = "le_kmar", _("Marechaussee officer")
    LE_NLA = "le_nla", _("Labour inspector")
    EMM_ANALYST = "emm_analyst", _("EMM analyst")
    EMM_COORDINATOR = "emm_coordinator", _("EMM coordinator")
    EMM_PARTNER = "emm_partner", _("Partner in the deliberation")
    IND_LIAISON = "ind_liaison", _("Liaison of the immigration service")
    OM_CHAIR = "om_chair", _("National public prosecutor for trafficking")
    COM_REGISTRAR = "com_registrar", _("Registrar at the national desk")
    COM_PLACEMENT = "com_placement", _("Placement desk")
    ZC = "zc", _("Care coordinator")
    SHELTER_WORKER = "shelter_worker", _("Shelter worker")
    SHELTER_MANAGER = "shelter_manager", _("Shelter manager")
    PARTNER_NGO = "partner_ngo", _("Worker of a partner organisation")
    NRM_ANALYST = "nrm_analyst", _("Analyst of the National Rapporteur")
    FG = "fg", _("Data protection officer")
    AUDITOR = "auditor", _("Auditor")
    ORG_ADMIN = "org_admin", _("Organisation administrator")
    PLATFORM_ADMIN = "platform_admin", _("Platform administrator")
    # Services: Celery tasks act as members too, so that their deeds have a name.
    SERVICE_RELAY = "service_relay", _("Notice relay")
    SERVICE_SEALER = "service_sealer", _("Audit sealer")
    SERVICE_STATISTICS = "service_statistics", _("Statistics service")
    SERVICE_SWEEPER = "service_sweeper", _("Deadline sweeper")
    SERVICE_TIPS = "service_tips", _("Tips of citizens")


class Wall(StrEnum):
    """The two sides that nobody stands on at the same time (de schotten)."""

    NONE = ""
    INTELLIGENCE = "intelligence"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """Where a role may be held, and on which side of the wall it stands."""

    held_in: frozenset[OrganisationType]
    wall: Wall = Wall.NONE
    idle_minutes: int = 15


def _facts(*held_in: OrganisationType, wall: Wall = Wall.NONE, idle: int = 15) -> RoleFacts:
    return RoleFacts(frozenset(held_in), wall, idle)


_T, _W = OrganisationType, Wall
ROLE_FACTS: dict[Role, RoleFacts] = {
    Role.MUNI_REPORTER: _facts(_T.MUNICIPALITY, _T.VO_CENTRE),
    Role.MUNI_FOCAL: _facts(_T.MUNICIPALITY, _T.VO_CENTRE),
    Role.MUNI_POLICY: _facts(_T.MUNICIPALITY, _T.VO_CENTRE, idle=60),
    Role.LE_POLICE: _facts(_T.POLICE_UNIT, wall=_W.INTELLIGENCE),
    Role.LE_KMAR: _facts(_T.KMAR, wall=_W.INTELLIGENCE),
    Role.LE_NLA: _facts(_T.NLA, wall=_W.INTELLIGENCE),
    Role.EMM_ANALYST: _facts(_T.EMM, wall=_W.INTELLIGENCE),
    Role.EMM_COORDINATOR: _facts(_T.EMM, wall=_W.INTELLIGENCE),
    Role.EMM_PARTNER: _facts(_T.IND, _T.OM, wall=_W.INTELLIGENCE),
    Role.IND_LIAISON: _facts(_T.IND, wall=_W.INTELLIGENCE),
    Role.OM_CHAIR: _facts(_T.OM, wall=_W.INTELLIGENCE),
    Role.COM_REGISTRAR: _facts(_T.COMENSHA, wall=_W.CARE),
    Role.COM_PLACEMENT: _facts(_T.COMENSHA, wall=_W.CARE),
    Role.ZC: _facts(_T.CARE_COORD, _T.COMENSHA, wall=_W.CARE),
    Role.SHELTER_WORKER: _facts(_T.SHELTER, wall=_W.CARE),
    Role.SHELTER_MANAGER: _facts(_T.SHELTER, wall=_W.CARE),
    Role.PARTNER_NGO: _facts(
        _T.NGO, _T.VSH, _T.LAWYER, _T.YOUTH, _T.NIDOS, _T.COA, _T.IND, wall=_W.CARE
    ),
    Role.NRM_ANALYST: _facts(_T.RAPPORTEUR, idle=60),
    Role.FG: _facts(*_T),
    Role.AUDITOR: _facts(*_T),
    Role.ORG_ADMIN: _facts(*_T),
    Role.PLATFORM_ADMIN: _facts(_T.PLATFORM),
    Role.SERVICE_RELAY: _facts(_T.PLATFORM),
    Role.SERVICE_SEALER: _facts(_T.PLATFORM),
    Role.SERVICE_STATISTICS: _facts(_T.PLATFORM),
    Role.SERVICE_SWEEPER: _facts(_T.PLATFORM),
    Role.SERVICE_TIPS: _facts(_T.PLATFORM),
}

SERVICES = frozenset(role for role in Role if role.value.startswith("service_"))
INTELLIGENCE = sorted(r.value for r, f in ROLE_FACTS.items() if f.wall == Wall.INTELLIGENCE)
CARE = sorted(r.value for r, f in ROLE_FACTS.items() if f.wall == Wall.CARE)
