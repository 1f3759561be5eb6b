"""Which registrations may be linked, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.duplicates.workflow import MOVES, Status
from referral.registrations.models import Registration
from referral.registrations.rules import side_of
from referral.registrations.workflow import Side
from referral.registrations.workflow import Status as RegistrationStatus


class LinkRefused(Refused):
    """A link that cannot be made or undone, or not by this member."""


def can_link(member: Membership, registration: Registration) -> bool:
    """Whether this member may say that a registration is about somebody reported before."""
    registered = registration.status == RegistrationStatus.REGISTERED
    return registered and side_of(member, registration) == Side.DESK


def check_link(member: Membership, registration: Registration, earlier: Registration) -> None:
    """Raise LinkRefused with the sentence that says why these two cannot be linked."""
    if not can_link(member, registration) or not can_link(member, earlier):
        raise LinkRefused(_("Only registered reports are linked, by the national desk."))
    if order(registration) <= order(earlier):
        raise LinkRefused(_("Choose a registration that was submitted before this one."))
    links = DuplicateLink.objects.visible_to(member).standing()
    if links.of(registration).exists():
        raise LinkRefused(_("This registration is linked already. Undo that link first."))
    if links.of(earlier).exists():
        raise LinkRefused(
            _("%(number)s is linked to an earlier one itself. Link to that one.")
            % {"number": earlier}
        )
    if links.to(registration).exists():
        raise LinkRefused(_("Later registrations are linked to this one. Undo those links first."))


def order(registration: Registration) -> tuple[object, str]:
    """Which of two registrations is the earlier one; never the same for both."""
    return registration.submitted_at, registration.reference


def can_undo(member: Membership, link: DuplicateLink) -> bool:
    linked = Status.UNDONE in MOVES[Status(link.status)]
    return linked and side_of(member, link.registration) == Side.DESK


def check_undo(member: Membership, link: DuplicateLink) -> None:
    """Raise LinkRefused unless this is a move of the table, and this member's."""
    if Status.UNDONE not in MOVES[Status(link.status)]:
        raise LinkRefused(_("These registrations are not linked any more."))
    if not can_undo(member, link):
        raise LinkRefused(_("This step is not yours to take."))
