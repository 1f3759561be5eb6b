"""Deeds on accounts and memberships: the only writers, each with its audit line."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from referral.access.models import ApiClient, ClientKey
from referral.audit.actions import record
from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import OrganisationType, Role
from referral.people.rules import (
    ClientRefused,
    MembershipRefused,
    check_client_role,
    check_keeps_clients,
    check_key,
    check_key_life,
    check_manage,
    check_not_oneself,
    check_role,
    check_runs,
)

#: Where the accounts of systems have their address; no mail arrives there (RFC 2606).
MACHINES = "systems.invalid"


@transaction.atomic
def add_member(
    organisation: Organisation,
    *,
    full_name: str,
    email: str,
    role: Role,
    by: Membership,
    at: datetime,
) -> Membership:
    """Give a person a role in the organisation; a new account has no password yet.

    Raises MembershipRefused when the role does not fit, is held already, or would put the
    person on both sides of the wall.
    """
    check_manage(by, organisation)
    check_role(organisation, role)
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email=email, full_name=full_name)
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                user=user, organisation=organisation, role=role, valid=DateTimeTZRange(at, None)
            )
    except IntegrityError as refusal:
        raise MembershipRefused(why_refused(refusal)) from refusal
    record("member_added", on=member, by=by, at=at, details={"role": role})
    return member


@transaction.atomic
def end_membership(member: Membership, *, by: Membership, at: datetime) -> None:
    """The person has no access for this organisation from this moment; no record moves."""
    member = Membership.objects.select_for_update().get(pk=member.pk)
    check_manage(by, member.organisation)
    check_not_oneself(by, member)
    start = member.valid.lower
    if start is None or start >= at:
        raise MembershipRefused(_("This membership has not begun yet."))
    if member.valid.upper is not None and member.valid.upper <= at:
        raise MembershipRefused(_("This membership has ended already."))
    Membership.objects.filter(pk=member.pk).update(valid=DateTimeTZRange(start, at))
    record("membership_ended", on=member, by=by, at=at, details={"role": member.role})


@transaction.atomic
def add_organisation(
    *, name: str, kind: OrganisationType, by: Membership, at: datetime
) -> Organisation:
    """A new partner of the chain. Its administrator is added next."""
    organisation = Organisation.objects.create(name=name, type=kind, created_at=at)
    record("organisation_added", on=organisation, by=by, at=at)
    return organisation


@transaction.atomic
def add_client(
    organisation: Organisation,
    *,
    name: str,
    role: Role,
    jwk: str,
    key_until: datetime,
    by: Membership,
    at: datetime,
) -> ApiClient:
    """A system of a partner, with an account that nobody can sign in to and its first key.

    It gets a membership like a colleague, so the organisation sees it among its members and can
    end it. Raises ClientRefused.
    """
    check_keeps_clients(by)
    check_client_role(organisation, role)
    number = uuid7()
    user = User.objects.create_user(email=f"{number}@{MACHINES}", full_name=name, machine=True)
    member = Membership.objects.create(
        user=user, organisation=organisation, role=role, valid=DateTimeTZRange(at, None)
    )
    client = ApiClient.objects.create(
        id=number, name=name, membership=member, created_at=at, created_by=by.user
    )
    _write_key(client, jwk, until=key_until, at=at)
    record("client_added", on=client, by=by, at=at, details={"role": role})
    return client


@transaction.atomic
def add_client_key(
    client: ApiClient, *, jwk: str, until: datetime, by: Membership, at: datetime
) -> ClientKey:
    """One more key, so that a system changes keys without a pause. Raises ClientRefused."""
    check_keeps_clients(by)
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    check_runs(client)
    key = _write_key(client, jwk, until=until, at=at)
    record("client_key_added", on=client, by=by, at=at, details={"key": key.name})
    return key


def _write_key(client: ApiClient, jwk: str, *, until: datetime, at: datetime) -> ClientKey:
    public = check_key(jwk)
    check_key_life(until, at)
    try:
        with transaction.atomic():
            return ClientKey.objects.create(
                client=client,
                name=public.name,
                algorithm=public.algorithm,
                public=public.der,
                valid=DateTimeTZRange(at, until),
            )
    except IntegrityError as refusal:
        raise ClientRefused(
            _("This key, or a key with this name, was given before. Make a new pair.")
        ) from refusal


@transaction.atomic
def end_client_key(key: ClientKey, *, by: Membership, at: datetime) -> None:
    """What this key signs opens nothing from this moment, nor do the tokens it got."""
    check_keeps_clients(by)
    key = ClientKey.objects.select_for_update().select_related("client").get(pk=key.pk)
    if not key.valid.lower < at < key.valid.upper:
        raise ClientRefused(_("This key has ended already."))
    ClientKey.objects.filter(pk=key.pk).update(valid=DateTimeTZRange(key.valid.lower, at))
    record("client_key_ended", on=key.client, by=by, at=at, details={"key": key.name})


@transaction.atomic
def end_client(client: ApiClient, *, by: Membership, at: datetime) -> None:
    """The system has no access from this moment; what it sent stays."""
    check_keeps_clients(by)
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    check_runs(client)
    member = Membership.objects.select_for_update().get(pk=client.membership_id)
    if member.valid.upper is None:
        Membership.objects.filter(pk=member.pk).update(
            valid=DateTimeTZRange(member.valid.lower, at)
        )
    ApiClient.objects.filter(pk=client.pk).update(ended_at=at, ended_by=by.user)
    record("client_ended", on=client, by=by, at=at)


def why_refused(refusal: IntegrityError) -> str:
    """The database's sentence, in the user's words."""
    text = str(refusal)
    if "nobody_stands_on_both_sides_of_the_wall" in text:
        return _("This person works on the other side: one cannot do both investigation and care.")
    if "nobody_works_for_two_organisations_at_once" in text:
        return _("This person works for another organisation now; that must end first.")
    if "membership_is_not_held_twice" in text:
        return _("This person has this role already.")
    raise refusal
