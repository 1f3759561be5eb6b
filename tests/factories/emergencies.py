"""Cases opened in an emergency, by the deeds that lead there."""

from datetime import datetime

from django.utils import timezone

from referral.cases.emergency.actions import open_in_emergency, review_emergency
from referral.cases.emergency.models import EmergencyAccess, EmergencyReason
from referral.cases.emergency.workflow import Status
from referral.cases.models import Case
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from tests.factories.cases import doing
from tests.factories.people import make_member, make_organisation

WORDS = "Canary: belde huilend, is vannacht op straat gezet."


def make_officer() -> Membership:
    """A privacy officer on the side of care."""
    desk = make_organisation(OrganisationType.COMENSHA)
    return make_member(Role.FG, organisation=desk, name="Frida")


def emergency_at(
    status: Status,
    case: Case,
    *,
    by: Membership,
    officer: Membership | None = None,
    at: datetime | None = None,
    hours: int = 1,
) -> EmergencyAccess:
    at = at or timezone.now()
    with doing(by):
        access = open_in_emergency(
            case.reference, reason=EmergencyReason.LIFE, words=WORDS, hours=hours, by=by, at=at
        )
    if status == Status.TO_REVIEW:
        return access
    judge = officer or make_officer()
    with doing(judge):
        return review_emergency(
            access, verdict=status, words="Canary: kon niet wachten.", by=judge, at=timezone.now()
        )
