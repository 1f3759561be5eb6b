"""The code lists of shelter; those that the placement desk keeps are rows of shelters.lists."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShelterType(StrEnum):
    """Types of shelter that the code itself names (soort opvang); the list is data."""

    COSM = "cosm"
    OMM = "omm"
    NLA = "nla"
    VO = "vo"
    MEN = "men"
    MO = "mo"
    YOUTH = "youth"
    AMV = "amv"
    CRISIS = "crisis"
    ASSISTED = "assisted"


class Sexes(models.TextChoices):
    """Whom a shelter takes in."""

    ALL = "all", _("Everybody")
    FEMALE = "female", _("Women and girls")
    MALE = "male", _("Men and boys")


class SecurityLevel(models.TextChoices):
    """How far a shelter is shielded (beveiligingsniveau)."""

    OPEN = "open", pgettext_lazy("security", "Open")
    CLOSED = "closed", _("Closed")
    SECRET = "secret", _("Secret address")


class BedKind(models.TextChoices):
    """What kind of place a bed is."""

    SINGLE = "single", _("Single room")
    FAMILY = "family", _("Family unit")
    CRISIS = "crisis", _("Crisis place")
    EMERGENCY = "emergency", _("Emergency bed")


class TargetGroup(StrEnum):
    """Target groups that the code itself names (doelgroep); the list is data."""

    TRAFFICKING = "trafficking"
    LABOUR = "labour"
    VIOLENCE = "violence"
    HOMELESS = "homeless"
    MULTIPLE = "multiple"
    YOUTH = "youth"
    UNACCOMPANIED = "unaccompanied"


class Expertise(StrEnum):
    """Expertise that the code itself names; codes as those of NeedCode; the list is data."""

    MILD_DISABILITY = "mild_disability"
    MENTAL_HEALTH = "mental_health"
    ADDICTION = "addiction"
    LIFE_DOMAINS = "life_domains"


class Funding(StrEnum):
    """Who pays for the places of a contract (financiering), as far as named; the list is data."""

    STATE = "state"
    CENTRE = "centre"
    YOUTH = "youth"
    GUARDIAN = "guardian"
    OTHER = "other"


class Urgency(models.TextChoices):
    """How soon a place is needed; the order is the order of work."""

    CRISIS = "1_crisis", _("Crisis: today")
    DAY = "2_day", _("Within 24 hours")
    PLANNED = "3_planned", _("Planned")


class NeedCode(models.TextChoices):
    """What the place must offer (plaatsingsprofiel): no more than a shelter must know."""

    CHILDREN = "children", _("Children come along")
    WHEELCHAIR = "wheelchair", _("Accessible by wheelchair")
    SECRET = "secret", _("Secret address")
    MILD_DISABILITY = "mild_disability", _("Mild intellectual disability")
    MENTAL_HEALTH = "mental_health", _("Mental health care")
    ADDICTION = "addiction", _("Addiction care")
    INTERPRETER = "interpreter", _("Interpreter")


class RefusalReason(models.TextChoices):
    """Why a shelter says no (reden van weigering)."""

    FULL = "full", _("Full")
    NOT_TARGET_GROUP = "not_target_group", _("Not our target group")
    SAFETY = "safety", _("Not safe")
    CARE_TOO_HEAVY = "care_too_heavy", _("More care is needed than we can give")
    NO_FUNDING = "no_funding", _("No funding")
    DECLINED = "victim_declined", _("The person does not want this place")
    OTHER = "other", _("Other")


class EndReason(models.TextChoices):
    """Why a stay ends (reden van vertrek)."""

    OWN_HOME = "own_home", _("Own home")
    OTHER_SHELTER = "outflow_vo", _("Other shelter")
    ASSISTED_LIVING = "assisted_living", _("Assisted living")
    FAMILY = "family", _("Family or network")
    RETURN_COUNTRY = "return_country", _("Return to the own country")
    LEFT_UNKNOWN = "left_unknown", _("Left for an unknown place")
    TRANSFERRED = "transferred", _("Transferred")
    DETENTION = "detention", _("Detention")
    HOSPITAL = "hospital", _("Hospital")
    SAFETY_BREACH = "safety_breach", _("The place was no longer safe")
    EXPELLED = "expelled", _("Had to leave")
    DECEASED = "deceased", _("Deceased")
    NEVER_ARRIVED = "never_arrived", _("Did not arrive")


class RevealPurpose(models.TextChoices):
    """What somebody needs a secret address for (doel van inzage)."""

    TRANSPORT = "transport", _("Bring or fetch the person")
    VISIT = "visit", _("Visit the person")
    EMERGENCY = "emergency", _("Danger: help must go there now")
    POST = "post", _("Post or medicine must be delivered")
    CHECK = "check", _("Check the address")
