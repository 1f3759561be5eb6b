"""Who hears of a file: by kind of organisation, the roles that work with it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Model

from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.residence.models import ResidenceFile

READERS: dict[str, tuple[Role, ...]] = {
    OrganisationType.POLICE_UNIT: (Role.LE_POLICE,),
    OrganisationType.KMAR: (Role.LE_KMAR,),
    OrganisationType.NLA: (Role.LE_NLA,),
    OrganisationType.IND: (Role.IND_LIAISON,),
    OrganisationType.CARE_COORD: (Role.ZC,),
    OrganisationType.COMENSHA: (Role.ZC,),
    OrganisationType.SHELTER: (Role.SHELTER_WORKER, Role.SHELTER_MANAGER),
}


def letters_to(kind: Kind, *, to: Organisation, on: Model, at: datetime) -> list[Letter]:
    """One for each role of this organisation that may know."""
    return [Letter(kind=kind, to=to, on=on, role=role, at=at) for role in READERS.get(to.type, ())]


def letters_to_police(
    kind: Kind, file: ResidenceFile, *, on: Model, at: datetime, still: set[tuple[int, int]]
) -> list[Letter]:
    """To who began the file; to all colleagues once that person has left (not in `still`)."""
    if (file.opened_by_id, file.police_id) in still:
        return [Letter(kind=kind, to=file.police, on=on, user=file.opened_by, at=at)]
    return letters_to(kind, to=file.police, on=on, at=at)


def working_now(files: list[ResidenceFile], *, at: datetime) -> set[tuple[int, int]]:
    """Which of the openers of these files still work for the service that has the file."""
    found = Membership.objects.valid_at(at).filter(user__in={file.opened_by_id for file in files})
    return set(found.values_list("user_id", "organisation_id"))


def tell_police(kind: Kind, file: ResidenceFile, *, at: datetime) -> None:
    still = working_now([file], at=at)
    post_many(letters_to_police(kind, file, on=file, at=at, still=still), at=at)


def tell_immigration(kind: Kind, file: ResidenceFile, *, at: datetime) -> None:
    if file.immigration is not None:
        post_many(letters_to(kind, to=file.immigration, on=file, at=at), at=at)


def tell_coordinators(kind: Kind, file: ResidenceFile, *, at: datetime) -> None:
    """Who coordinates the care of this person now; the notice leads to the file and its days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.coordinators_of_residence_file(%s)", [file.pk])
        ids = [organisation for (organisation,) in cursor.fetchall()]
    teams = Organisation.objects.filter(pk__in=ids)
    post_many([one for to in teams for one in letters_to(kind, to=to, on=file, at=at)], at=at)
