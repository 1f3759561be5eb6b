"""The code lists of residence. No text stands beside a code: only dates and codes are shared."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferGround(models.TextChoices):
    """Of which group somebody is to whom the period is offered (B8/3.1 Vc)."""

    EXPLOITED = "exploited", _("Was put to work")
    NOT_YET = "not_yet", _("Not put to work yet, and a possible victim")
    REFUSED_ENTRY = "refused_entry", _("Was refused entry at the border")


class EndReason(models.TextChoices):
    """Why a reflection period ended before its term (reden van beëindiging)."""

    REPORTED = "reported", _("The person reported to the police")
    COOPERATES = "cooperates", _("The person cooperates in another way")
    WAIVED = "waived", _("The person gives it up")
    LEFT_UNKNOWN = "left_unknown", _("Left for an unknown place")
    OTHER_PERMIT = "other_permit", _("Applied for another permit")
    WITHDRAWN = "withdrawn", _("Withdrawn by the authorities")


class Ground(models.TextChoices):
    """On which part of Vb 3.48(1) a permit is given (grond)."""

    A = "a", _("a: reported as a presumed victim")
    B = "b", _("b: cooperates as a presumed victim")
    C = "c", _("c: reported as a witness")
    D = "d", _("d: cannot or will not report")


class ContinuedGround(models.TextChoices):
    """On what continued stay is given (Vb 3.51)."""

    CONVICTION = "conviction", _("The case ended in a conviction")
    THREE_YEARS = "three_years", _("Long enough on a permit of B8/3")
    GROUND_D = "ground_d", _("Long enough on ground d")
    SPECIAL = "special", _("Special circumstances")


class NoReport(models.TextChoices):
    """Why somebody does not report (reden om geen aangifte te doen)."""

    FEAR = "fear", _("Fear of reprisals against the person")
    FAMILY = "family", _("Fear for family or others")
    SHAME = "shame", _("Shame or stigma")
    DISTRUST = "distrust", _("No trust in the police")
    BOND = "bond", _("A bond with who exploited them")
    HEALTH = "health", _("Too much for body or mind")
    RESIDENCE = "residence", _("Fear for their residence")
    REST = "rest", _("Wants to leave it behind")
    NOT_SEEN = "not_seen", _("Does not see it as exploitation")
    LEFT = "left", _("Out of contact")
    UNSAID = "unsaid", _("Did not want to say")


class NonPunishment(models.TextChoices):
    """Whether offences under duress were looked at (non-punishmentbeginsel)."""

    NOT_ASKED = "", _("Not looked at yet")
    NOT_AT_ISSUE = "not_at_issue", _("Looked at: no offences of the person")
    APPLIES = "applies", _("Looked at: the principle applies")
    DOES_NOT_APPLY = "does_not_apply", _("Looked at: the principle does not apply")


class TermCode(models.TextChoices):
    """Which term of the law or of the design (termijn)."""

    REFLECTION = "reflection", _("Reflection period")
    REFLECTION_DUBLIN = "reflection_dublin", _("Reflection period of a Dublin claimant")
    REPORTING = "reporting", _("Time between two reporting days")
    DECISION = "decision", _("Decision of the immigration service on the M55")
    PERMIT = "permit", _("Validity of a permit")
    OBJECTION = "objection", _("Time to lodge an objection")
    COMPLAINT = "complaint", _("Time for a complaint after a dismissal (art. 12 Sv)")
    CONTINUED_STAY = "continued_stay", _("On a permit before continued stay")
    CONTINUED_STAY_D = "continued_stay_d", _("On ground d before continued stay")


class Certainty(models.TextChoices):
    """How sure the length of a term is (zekerheid)."""

    FOUND = "found", _("Found in the source")
    OLD = "old", _("From an older text: check it")
    TO_CHECK = "to_check", _("General knowledge: check it")


#: Which terms give the length of a reflection period.
REFLECTION_TERMS = (TermCode.REFLECTION, TermCode.REFLECTION_DUBLIN)


class DeadlineKind(models.TextChoices):
    """What a day is the last of (soort termijn)."""

    REFLECTION_END = "reflection_end", _("The reflection period ends")
    REPORTING_DAY = "reporting_day", _("Reporting day with the police")
    DECISION = "decision", _("Decision of the immigration service")
    PERMIT_END = "permit_end", _("The permit ends")
    OBJECTION = "objection", _("Last day for an objection")
    COMPLAINT = "complaint", _("Last day for a complaint about the dismissal")


#: Days that follow from the police report; they are seen by who sees its status.
OF_REPORT = (DeadlineKind.COMPLAINT,)
