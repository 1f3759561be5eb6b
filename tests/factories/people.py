"""Alice, Bob, Charlie and their organisations."""

from datetime import UTC, datetime
from itertools import count

from django.test import Client
from django.utils import timezone

from referral.geography.models import Municipality, PoliceUnit
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import ROLE_FACTS, OrganisationType, Role

number = count(1)
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), None)
ONE_OF_A_KIND = {OrganisationType.EMM, OrganisationType.COMENSHA, OrganisationType.PLATFORM}


def make_organisation(
    kind: OrganisationType, *, name: str = "", municipality: Municipality | None = None
) -> Organisation:
    if kind in ONE_OF_A_KIND and (there := Organisation.objects.filter(type=kind).first()):
        return there
    if municipality is None and kind == OrganisationType.MUNICIPALITY:
        municipality = Municipality.objects.order_by("cbs_code").first()
    unit = PoliceUnit.objects.order_by("code").first()
    return Organisation.objects.create(
        name=name or f"{OrganisationType(kind).label} {next(number)}",
        type=kind,
        municipality=municipality,
        police_unit=unit if kind == OrganisationType.POLICE_UNIT else None,
    )


def make_member(
    role: Role, *, organisation: Organisation | None = None, name: str = ""
) -> Membership:
    """A person who may act in this role, in an organisation where that role is held."""
    if organisation is None:
        kind = min(ROLE_FACTS[role].held_in, key=list(OrganisationType).index)
        organisation = make_organisation(kind)
    n = next(number)
    user = User.objects.create_user(
        email=f"person-{n}@example.invalid", full_name=name or f"Person {n}"
    )
    return Membership.objects.create(user=user, organisation=organisation, role=role, valid=ALWAYS)


def sign_in(client: Client, member: Membership) -> Client:
    """As after signing in with a second factor and choosing this membership."""
    client.force_login(member.user, backend="referral.access.backends.SignInBackend")
    session = client.session
    now = timezone.now().timestamp()
    session.update(
        {"second_factor": "enrolled", "membership": member.pk, "signed_in_at": now, "seen_at": now}
    )
    session.save()
    return client


def end_membership(member: Membership, *, at: datetime) -> None:
    Membership.objects.filter(pk=member.pk).update(valid=(ALWAYS[0], at))
