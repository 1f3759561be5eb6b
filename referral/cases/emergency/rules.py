"""Who may open a file in an emergency, for how long, and who may judge it: refusals in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.cases.emergency.models import LONGEST, EmergencyAccess, EmergencyReason
from referral.cases.emergency.querysets import CARE_SIDE
from referral.cases.emergency.workflow import MOVES, Status
from referral.lib.refusals import Refused
from referral.lib.working_days import working_days_after
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

#: What the trail says of every look while it lasts (NEN 7513: purposeOfUse).
PURPOSE = "break-glass"
#: So often in a day for one person; whoever needs more asks for a grant.
MOST_A_DAY = 3
REVIEW_DAYS = 3
HOURS = (1, 2, 4)
SHORTEST_WORDS = 10


class EmergencyRefused(Refused, PermissionDenied):
    """The file is not opened, or not judged, that way."""


class EmergencyNotSaid(EmergencyRefused):
    """What was filled in does not say enough; each sentence stands at its question."""

    def __init__(self, **reasons: str) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons


def may_open(member: Membership) -> bool:
    """The roles of the matrix, and of them only who works on the side of care."""
    return member.may(Permission.EMERGENCY_OPEN) and member.organisation.type in CARE_SIDE


def may_review(member: Membership) -> bool:
    return member.may(Permission.EMERGENCY_REVIEW) and member.organisation.type in CARE_SIDE


def check_open(
    member: Membership, *, reason: str, words: str, hours: int, today: int, reads_already: bool
) -> None:
    """`today` is how many this member opened in the last day. Raises EmergencyRefused."""
    if not may_open(member):
        raise EmergencyRefused(_("Your role opens no file in an emergency."))
    if reason not in EmergencyReason.values:
        raise EmergencyNotSaid(reason=_("Say what the emergency is."))
    check_words(words, field="words")
    if hours not in HOURS:
        raise EmergencyNotSaid(hours=_("Choose how long: at most four hours."))
    if reads_already:
        raise EmergencyNotSaid(
            reference=_("You can read this case already. Open it from your list of cases.")
        )
    if today >= MOST_A_DAY:
        raise EmergencyRefused(
            _("You opened %(most)s files in the last 24 hours. Call the privacy officer.")
            % {"most": MOST_A_DAY}
        )


def check_words(words: str, *, field: str) -> None:
    if len(words.strip()) < SHORTEST_WORDS:
        raise EmergencyNotSaid(**{field: _("Write at least a sentence.")})


def can_review(member: Membership, access: EmergencyAccess, to: Status) -> bool:
    return (
        to in MOVES[Status(access.status)]
        and may_review(member)
        and access.opened_by_id != member.user_id
    )


def check_review(member: Membership, access: EmergencyAccess, to: Status, *, words: str) -> None:
    if not can_review(member, access, to):
        if access.opened_by_id == member.user_id:
            raise EmergencyRefused(_("You opened this file yourself. A colleague judges it."))
        raise EmergencyRefused(_("This has been reviewed already."))
    check_words(words, field="words")


def can_end(member: Membership, access: EmergencyAccess) -> bool:
    """Who opened it is done before its time."""
    return access.is_running and access.opened_by_id == member.user_id and may_open(member)


def end_of(at: datetime, hours: int) -> datetime:
    return at + min(timedelta(hours=hours), LONGEST)


def review_due(at: datetime) -> date:
    """Three working days (domain model 4.5: a choice of the chain, no law names it)."""
    return working_days_after(timezone.localdate(at), REVIEW_DAYS)
