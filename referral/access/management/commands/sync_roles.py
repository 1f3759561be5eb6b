"""Write the role matrix, the services and guardian's role-groups into the database."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.core.management.base import BaseCommand
from django.db import transaction

from referral.access.models import RolePermission
from referral.organisations.models import (
    Membership,
    Organisation,
    OrganisationGroupPermission,
    User,
)
from referral.organisations.permissions import MATRIX
from referral.organisations.roles import SERVICES, OrganisationType, Role


class Command(BaseCommand):
    help = "Make the database agree with the role matrix. May be run at any time."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        sync_matrix()
        sync_services()
        sync_groups()


def sync_matrix() -> None:
    wanted = {(role.value, p.value) for role, held in MATRIX.items() for p in held}
    present = set(RolePermission.objects.values_list("role", "permission"))
    for role, permission in present - wanted:
        RolePermission.objects.filter(role=role, permission=permission).delete()
    RolePermission.objects.bulk_create(
        RolePermission(role=role, permission=permission)
        for role, permission in sorted(wanted - present)
    )


def sync_services() -> None:
    platform, _ = Organisation.objects.get_or_create(
        type=OrganisationType.PLATFORM, defaults={"name": "Baken"}
    )
    for role in sorted(SERVICES):
        user, made = User.objects.get_or_create(
            email=f"{role}@baken.invalid", defaults={"full_name": str(Role(role).label)}
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            Membership.objects.create(
                user=user,
                organisation=platform,
                role=role,
                valid=(datetime(2000, 1, 1, tzinfo=UTC), None),
            )


def sync_groups() -> None:
    """Each organisation's administrators may manage its members, and no other's."""
    manage = AuthPermission.objects.get(
        codename="manage_members", content_type__app_label="organisations"
    )
    names = {
        f"{pk}:{Role.ORG_ADMIN}": pk for pk in Organisation.objects.values_list("pk", flat=True)
    }
    known = set(Group.objects.filter(name__in=names).values_list("name", flat=True))
    groups = Group.objects.bulk_create(Group(name=name) for name in names if name not in known)
    OrganisationGroupPermission.objects.bulk_create(
        OrganisationGroupPermission(
            group=group, permission=manage, content_object_id=names[group.name]
        )
        for group in groups
    )
