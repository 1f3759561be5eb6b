"""Deeds on accounts and memberships: the only writers, each with its audit line."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import OrganisationType, Role
from referral.people.rules import (
    MembershipRefused,
    check_manage,
    check_not_oneself,
    check_role,
)


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
