"""Who may manage whose membership. Every can_ has one check_ with words for the user."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import ROLE_FACTS, SERVICES, Role


class MembershipRefused(Refused, PermissionDenied):
    """The membership cannot be given or ended that way."""


def can_manage(by: Membership, organisation: Organisation) -> bool:
    """django-guardian holds it: administrators within their own organisation only."""
    return by.user.has_perm("organisations.manage_members", organisation)


def check_manage(by: Membership, organisation: Organisation) -> None:
    if not can_manage(by, organisation):
        raise MembershipRefused(_("You manage the members of your own organisation only."))


def roles_of(organisation: Organisation) -> list[Role]:
    """The roles that an organisation of this type can give."""
    return [
        role
        for role, facts in ROLE_FACTS.items()
        if organisation.type in facts.held_in and role not in SERVICES
    ]


def check_role(organisation: Organisation, role: Role) -> None:
    if role not in roles_of(organisation):
        raise MembershipRefused(_("This role does not exist in an organisation of this type."))


def check_not_oneself(by: Membership, member: Membership) -> None:
    if by.user_id == member.user_id:
        raise MembershipRefused(_("Ask a colleague: you cannot end your own membership."))
