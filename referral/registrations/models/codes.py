"""The codes of a report, as the national desk counts them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How much of the person a registration tells (niveau van een aanmelding)."""

    FULL = "full", _("Full: with who it is")
    PSEUDONYMOUS = "pseudonymous", _("Under a reference of your own, without a name")
    MINIMAL = "minimal", _("Minimal: only what is counted")


class ReferrerType(models.TextChoices):
    """Who reports, as the national desk counts it (type aanmelder)."""

    POLICE = "police", _("Police")
    KMAR = "kmar", _("Royal Netherlands Marechaussee")
    NLA = "nla", _("Labour Authority")
    CARE_COORDINATION = "care_coordination", _("Care coordination")
    FAIRWORK = "fairwork", _("FairWork")
    SHELTER = "shelter", _("Shelter")
    RECEPTION = "reception", _("Reception of asylum seekers")
    YOUTH_CARE = "youth_care", _("Youth care")
    HEALTH_CARE = "health_care", _("Health care")
    MUNICIPALITY = "municipality", _("Municipality")
    LAWYER = "lawyer", _("Lawyer")
    OUTREACH = "outreach", _("Outreach work")
    SELF = "self", _("The person")
    IND = "ind", _("Immigration service")
    OM = "om", _("Public Prosecution Service")
    VICTIM_SUPPORT = "victim_support", _("Victim support")
    NGO = "ngo", _("Other organisation")
    INTERNATIONAL = "international", _("From abroad")
    CITIZEN = "citizen", _("A citizen")


class Sector(models.TextChoices):
    """Where somebody was put to work (sector)."""

    WINDOW = "window", _("Window prostitution")
    CLUB = "club", _("Club or private house")
    ESCORT = "escort", _("Escort")
    HOME = "home", _("At home")
    HOTEL = "hotel", _("Hotel")
    STREET = "street", _("Street")
    MASSAGE = "massage", _("Massage parlour")
    ONLINE = "online", _("Online")
    PARKING = "parking", _("Car park")
    AGRICULTURE = "agriculture", _("Agriculture, forestry and fishing")
    DOMESTIC_WORK = "domestic_work", _("Domestic work")
    HOSPITALITY = "hospitality", _("Hotels and restaurants")
    INDUSTRY = "industry", _("Industry")
    FOOD = "food", _("Food and meat")
    CONSTRUCTION = "construction", _("Construction")
    TRANSPORT = "transport", _("Transport and storage")
    TRADE = "trade", _("Shops and wholesale")
    TEMP_AGENCY = "temp_agency", _("Temporary work")
    CLEANING = "cleaning", _("Cleaning")
    BEAUTY = "beauty", _("Nail or beauty salon")
    CARE = "care", _("Care")
    OTHER_WORK = "other_work", _("Other work or services")
    DRUGS = "drugs", _("Drugs")
    THEFT = "theft", _("Theft")
    PICKPOCKETING = "pickpocketing", _("Pickpocketing")
    FRAUD = "fraud", _("Fraud, money mule or front")
    ILLEGAL_TRADE = "illegal_trade", _("Illegal trade")
    WEAPONS = "weapons", _("Weapons")
    OTHER_CRIME = "other_crime", _("Other crime")
    NOT_YET = "not_yet", _("Not yet put to work")
    NO_SECTOR = "none", _("Does not apply")
    UNKNOWN = "unknown", _("Not known")


class Crossing(models.TextChoices):
    """Whether a border was crossed for the exploitation (binnenlands of grensoverschrijdend)."""

    DOMESTIC = "domestic", _("Within the Netherlands")
    CROSSBORDER = "crossborder", _("Across a border")
    UNKNOWN = "unknown", _("Not known")


class HelpWanted(models.TextChoices):
    """Whether the person wants help and may be told of to a care coordinator (hulpvraag)."""

    YES = "yes", _("Yes, and a care coordinator may get in touch")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Does not know yet")
    NOT_ASKED = "not_asked", _("Not asked yet")


class Missing(models.TextChoices):
    """What a registration still lacks (ontbrekend gegeven)."""

    MINOR = "minor", _("Whether the person is under 18")
    AGE = "age", _("Birth date or age group")
    NATIONALITY = "nationality", _("Nationality")
    FORM = "form", _("Form of exploitation")
    SECTOR = "sector", _("Sector")
    PERIOD = "period", _("Period")
    PLACE = "place", _("Place or country of the exploitation")
    CROSSING = "crossing", _("Whether a border was crossed")
    REGION = "region", _("Region of the reporter")
    CONSENT = "consent", _("Consent of the person")
    OTHER = "other", _("Something else: see the question")


class WithdrawalReason(models.TextChoices):
    """Why a registration was withdrawn (reden van intrekking)."""

    NO_VICTIM = "no_victim", _("Not a presumed victim after all")
    MISTAKE = "mistake", _("Sent by mistake")
    DUPLICATE = "duplicate", _("Already registered")
    CONSENT = "consent", _("The person withdrew consent")
