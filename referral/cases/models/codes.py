"""The code lists of care. Text beside a code lives in notes, which are sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.TextChoices):
    """How soon somebody must act (urgentie)."""

    CRISIS = "crisis", _("Crisis: today")
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")


class Need(models.TextChoices):
    """What the person needs (hulpvraag)."""

    SHELTER = "shelter", _("Shelter")
    MEDICAL = "medical", _("Medical care")
    PSYCHOLOGICAL = "psychological", _("Psychological help")
    LEGAL = "legal", _("Legal help")
    INCOME = "income", _("Income")
    HOUSING = "housing", _("Housing")
    RESIDENCE = "residence", _("Residence")
    SAFETY = "safety", _("Safety")
    EDUCATION = "education", _("Education")
    WORK = "work", _("Work")
    COMPENSATION = "compensation", _("Compensation")
    RETURN = "return", _("Return to the own country")
    AFTERCARE = "aftercare", _("Aftercare")
    CHILDREN = "children", _("Care for children")


class NextStep(models.TextChoices):
    """What must happen now; a case that is not closed always has one (volgende stap)."""

    ACCEPT_CASE = "accept_case", _("Accept the case")
    FIRST_CONTACT = "first_contact", _("Make the first contact")
    ASK_CONSENT = "ask_consent", _("Ask consent")
    REQUEST_SHELTER = "request_shelter", _("Request shelter")
    FIND_PLACE = "find_place", _("Find a place")
    ANSWER_PLACEMENT = "answer_placement", _("Answer the offer of a place")
    RECORD_ARRIVAL = "record_arrival", _("Receive the person and record the arrival")
    MAKE_PLAN = "make_plan", _("Make the care plan")
    REVIEW_PLAN = "review_plan", _("Review the care plan")
    ANSWER_HANDOFF = "answer_handoff", _("Answer the handoff")
    CLOSE_CASE = "close_case", _("Close the case")


class ClosureReason(models.TextChoices):
    """Why the care ends (reden van afsluiting)."""

    GOALS_REACHED = "goals_reached", _("The goals are reached")
    REGULAR_CARE = "regular_care", _("Regular care goes on")
    RETURNED_HOME_COUNTRY = "returned_home_country", _("Returned to the own country")
    LEFT_UNKNOWN = "left_unknown", _("Left for an unknown place")
    DECLINED_HELP = "declined_help", _("Does not want help")
    NOT_A_VICTIM = "not_a_victim", _("Turned out not to be a victim")
    DECEASED = "deceased", _("Deceased")
    DETAINED = "detained", _("Detained")
    DUPLICATE = "duplicate", _("Another case about the same person goes on")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent was withdrawn")
    OTHER = "other", _("Other")


class Outcome(models.TextChoices):
    """How the person is left behind (resultaat)."""

    SAFE_INDEPENDENT = "safe_independent", _("Safe, lives independently")
    SAFE_SUPPORTED = "safe_supported", _("Safe, with support")
    UNSAFE = "unsafe", _("Not safe")
    UNKNOWN = "unknown", _("Unknown")


class Level(models.IntegerChoices):
    """What a grant allows; a higher level holds the lower ones."""

    VIEW = 1, _("View")
    WORK = 2, _("Work")
    MANAGE = 3, _("Manage")


class Profile(models.TextChoices):
    """Which sections a grant opens (profiel)."""

    # Urgency, needs, region and age band: what one must know to say yes or no.
    ENVELOPE = "envelope", _("Envelope")
    # The case as a row: status, owner, next step.
    HEADER = "header", _("Header")
    # The header, the identity of the resident and the shelter's own section.
    PLACEMENT = "placement", _("Placement")
    FULL = "full", _("Full file")


class Basis(models.TextChoices):
    """On what a grant stands (grondslag van de toegang)."""

    OWNER = "owner", _("Responsible for the case")
    HANDOFF = "handoff", _("Was responsible before the handoff")
    REFERRAL = "referral", _("The case is on offer")
    PLACEMENT = "placement", _("Gives shelter")
    BREAK_GLASS = "break_glass", _("Emergency access")
    SUPERVISION = "supervision", _("Supervision")


class HandoffReason(models.TextChoices):
    """Why a case goes to another region (reden van overdracht)."""

    MOVED = "moved", _("The person has moved")
    PLACEMENT_ELSEWHERE = "placement_elsewhere", _("Shelter was found in another region")
    SAFETY = "safety", _("Safety")
    CAPACITY = "capacity", _("Capacity")
    SPECIALISM = "specialism", _("Other expertise is needed")
    FALLBACK_END = "fallback_end", _("The region has its own coordinator again")


class DeclineReason(models.TextChoices):
    """Why a region says no (reden van weigering)."""

    OUTSIDE_REGION = "outside_region", _("The person does not stay in this region")
    CAPACITY = "capacity", _("No capacity")
    SAFETY = "safety", _("The region is not safe for the person")
    INCOMPLETE = "incomplete", _("The file is not complete")
    OTHER = "other", _("Other")


class Section(models.TextChoices):
    """A part of the file that goes along in a package (onderdeel)."""

    SUMMARY = "summary", _("Summary and next step")
    CONSENTS = "consents", _("Consents and other legal bases")
    NOTES = "notes", _("Care notes")
    DEADLINES = "deadlines", _("Deadlines")
