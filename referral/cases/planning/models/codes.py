"""The code lists of planning. Words beside a code are sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskKind(models.TextChoices):
    """What kind of work it is (soort taak); lists show this and never the words."""

    CONTACT = "contact", _("Contact with the person")
    APPOINTMENT = "appointment", _("Go along to an appointment")
    ARRANGE = "arrange", _("Arrange something with an organisation")
    APPLY = "apply", _("Application or form")
    SAFETY = "safety", _("Look at safety")
    CONSULT = "consult", _("Consult with colleagues")
    OTHER = "other", _("Something else")


class Doer(models.TextChoices):
    """Who does it; the owner or the team sees to it that it happens (wie doet het)."""

    US = "us", _("We do it")
    PERSON = "person", _("The person does it")
    NETWORK = "network", _("Somebody around the person does it")
    PARTNER = "partner", _("Another organisation does it")


class CancelReason(models.TextChoices):
    """Why a task need not be done (reden van vervallen)."""

    NOT_NEEDED = "not_needed", _("It is no longer needed")
    NOT_WANTED = "not_wanted", _("The person does not want it")
    DONE_OTHERWISE = "done_otherwise", _("It was arranged another way")
    MISTAKE = "mistake", _("It was written down by mistake")
    CASE_CLOSED = "case_closed", _("The case was closed")


class Reached(models.TextChoices):
    """How far a goal is (hoever het doel is)."""

    NOT_BEGUN = "not_begun", _("Not begun")
    UNDER_WAY = "under_way", _("Under way")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("No longer a goal")


class RiskLevel(models.TextChoices):
    """How unsafe the person is now (risiconiveau)."""

    LOW = "low", _("Low")
    RAISED = "raised", _("Raised")
    HIGH = "high", _("High")
    ACUTE = "acute", _("Acute: act today")


class RiskFactor(models.TextChoices):
    """What the risk comes from (risicofactor)."""

    SUSPECT_NEAR = "suspect_near", _("A suspect knows where the person is")
    THREATS = "threats", _("Threats against the person")
    FAMILY_THREAT = "family_threat", _("Threats against family")
    DEBT = "debt", _("Debts to a suspect")
    RETURN = "return", _("May go back to the exploitation")
    CONTACT = "contact", _("Contact with suspects goes on")
    HEALTH = "health", _("Health")
    SELF_HARM = "self_harm", _("May harm himself or herself")
    SUBSTANCE = "substance", _("Alcohol or drugs")
    NO_STAY = "no_stay", _("No right to stay")
    NO_SHELTER = "no_shelter", _("No safe place to sleep")
    CHILDREN = "children", _("Children are at risk too")


class Phase(models.TextChoices):
    """A part of the care, in its order (fase)."""

    INTAKE = "intake", _("Intake")
    FIRST_WEEKS = "first_weeks", _("First weeks")
    STABILISATION = "stabilisation", _("Stabilisation")
    OUTFLOW = "outflow", _("Outflow")
    AFTERCARE = "aftercare", _("Aftercare")


class Mark(models.TextChoices):
    """What was said of a line of the checklist (afvinken)."""

    DONE = "done", _("Done")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    OPEN_AGAIN = "open_again", _("Open again")


class SkipReason(models.TextChoices):
    """Why a line does not apply (reden van niet van toepassing)."""

    NOT_NEEDED = "not_needed", _("The person does not need it")
    NOT_WANTED = "not_wanted", _("The person does not want it")
    ELSEWHERE = "elsewhere", _("Another organisation sees to it")
    NO_RIGHT = "no_right", _("The person has no right to it")


class TermCode(models.TextChoices):
    """What has a term (soort termijn van de planning)."""

    PLAN = "plan", _("Care plan after the first contact")
    PLAN_REVIEW = "plan_review", _("Review of the care plan")
    RISK_REVIEW = "risk_review", _("Longest time until a risk is looked at again")
    TASK_AHEAD = "task_ahead", _("Reminder ahead of the day of a task")
