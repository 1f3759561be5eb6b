"""The words of a finding, and the life of a request to a partner as a table.

The trigger `partner_request_moves_along_the_table` says the same in the database.
"""

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from referral.organisations.roles import OrganisationType, Role


class FindingKind(models.TextChoices):
    """What a finding is about (soort bevinding)."""

    PERSON = "person", _("A person")
    PLACE = "place", _("A place or address")
    VEHICLE = "vehicle", _("A vehicle")
    BUSINESS = "business", _("A business")
    MONEY = "money", _("Money")
    CONTACT = "contact", _("Telephone, e-mail or account")
    TRAVEL = "travel", _("Travel and movements")
    ONLINE = "online", _("On the internet")
    EARLIER = "earlier", _("Known from before")
    OTHER = "other", _("Something else")


class Reliability(models.TextChoices):
    """How far the source can be trusted (betrouwbaarheid van de bron): A to F, as NATO's scale."""

    A = "A", _("A – completely reliable")
    B = "B", _("B – usually reliable")
    C = "C", _("C – fairly reliable")
    D = "D", _("D – not usually reliable")
    E = "E", _("E – unreliable")
    F = "F", _("F – cannot be judged")


class Credibility(models.TextChoices):
    """How likely it is that what was said is so (geloofwaardigheid): 1 to 6, as NATO's scale."""

    CONFIRMED = "1", _("1 – confirmed by other sources")
    PROBABLE = "2", _("2 – probably true")
    POSSIBLE = "3", _("3 – possibly true")
    DOUBTFUL = "4", _("4 – doubtful")
    IMPROBABLE = "5", _("5 – improbable")
    UNKNOWN = "6", _("6 – cannot be judged")


class Regime(models.TextChoices):
    """Under which privacy law something stands (regime)."""

    WPG = "wpg", _("Police Data Act (Wpg)")
    AVG = "avg", _("General Data Protection Regulation (AVG)")


#: From so long before its last day a finding is shown as nearly due, and may be kept longer.
NEARLY_DUE = timedelta(days=30)

#: Who answers for an organisation that is asked, or that gets a signal forwarded. No other kind
#: of organisation is: the care side never.
PARTNER_ROLES: dict[OrganisationType, Role] = {
    OrganisationType.POLICE_UNIT: Role.LE_POLICE,
    OrganisationType.KMAR: Role.LE_KMAR,
    OrganisationType.NLA: Role.LE_NLA,
    OrganisationType.MUNICIPALITY: Role.MUNI_FOCAL,
}


class RequestStatus(models.TextChoices):
    """Where a request to a partner stands (status van een verzoek aan een partner)."""

    ASKED = "asked", _("Waits for the partner")
    ANSWERED = "answered", _("Answered by the partner")
    TAKEN_OVER = "taken_over", _("Taken over as a finding")
    SET_ASIDE = "set_aside", _("Not used")
    DECLINED = "declined", _("Declined by the partner")
    WITHDRAWN = "withdrawn", _("Taken back")


class RequestSide(StrEnum):
    """Whose move it is."""

    PARTNER = "partner"  # who answers for the organisation that was asked
    CENTRE = "centre"  # anyone who works on signals at the expert centre


REQUEST_MOVES: dict[RequestStatus, dict[RequestStatus, RequestSide]] = {
    RequestStatus.ASKED: {
        RequestStatus.ANSWERED: RequestSide.PARTNER,
        RequestStatus.DECLINED: RequestSide.PARTNER,
        RequestStatus.WITHDRAWN: RequestSide.CENTRE,
    },
    RequestStatus.ANSWERED: {
        RequestStatus.TAKEN_OVER: RequestSide.CENTRE,
        RequestStatus.SET_ASIDE: RequestSide.CENTRE,
    },
    RequestStatus.TAKEN_OVER: {},
    RequestStatus.SET_ASIDE: {},
    RequestStatus.DECLINED: {},
    RequestStatus.WITHDRAWN: {},
}

OPEN = tuple(status for status in RequestStatus if REQUEST_MOVES[status])
WITH_ANSWER = (RequestStatus.ANSWERED, RequestStatus.TAKEN_OVER, RequestStatus.SET_ASIDE)
#: A partner may be given so many working days, and is reminded when this many are left.
SHORTEST, USUAL, LONGEST = 1, 10, 30
REMIND_BEFORE = 2
