"""Who may manage whose membership. Every can_ has one check_ with words for the user."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from referral.access.models import ApiClient
from referral.lib.jws import PrivateKey, PublicKey, Unreadable, read_key
from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
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


#: The roles that a partner's system can have: who reports, and partners who will register.
CLIENT_ROLES = (
    Role.LE_POLICE,
    Role.LE_KMAR,
    Role.LE_NLA,
    Role.MUNI_REPORTER,
    Role.PARTNER_NGO,
)
LONGEST_KEY_LIFE = timedelta(days=2 * 366)


class ClientRefused(Refused, PermissionDenied):
    """The system of a partner cannot be added, changed or ended that way."""


def check_keeps_clients(by: Membership) -> None:
    if not by.may(Permission.CLIENTS_MANAGE):
        raise ClientRefused(_("Your role does not keep the systems of partners."))


def check_client_role(organisation: Organisation, role: Role) -> None:
    if organisation.closed_at is not None or role not in set(CLIENT_ROLES) & set(
        roles_of(organisation)
    ):
        raise ClientRefused(_("A system of this organisation cannot have this role."))


def check_key(text: str) -> PublicKey:
    """The public key in a JWK. Raises ClientRefused with what to send instead."""
    try:
        return read_key(text)
    except PrivateKey as refusal:
        raise ClientRefused(
            _("This is a private key. Make a new pair, and send only the public half.")
        ) from refusal
    except Unreadable as refusal:
        raise ClientRefused(
            _("This is no public key as JWK. Use EC with P-256, or RSA from 2048 bits.")
        ) from refusal


def check_key_life(until: datetime, at: datetime) -> None:
    if not at < until <= at + LONGEST_KEY_LIFE:
        raise ClientRefused(_("A key ends in the future, and within two years."))


def check_runs(client: ApiClient) -> None:
    if client.ended_at is not None:
        raise ClientRefused(_("This system has ended already."))
