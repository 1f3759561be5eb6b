"""Organisations own records; people act for them, in a role, for a time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from referral.organisations.permissions import MATRIX, Permission
from referral.organisations.querysets import MembershipQuerySet, OrganisationQuerySet
from referral.organisations.roles import CARE, INTELLIGENCE, OrganisationType, Role, Wall


class Organisation(models.Model):
    """A partner of the chain (organisatie): it owns records, and its members act for it."""

    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(_("type"), max_length=16, choices=OrganisationType)
    oin = models.CharField(_("OIN"), max_length=20, blank=True)
    police_unit = models.ForeignKey(
        "geography.PoliceUnit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    municipality = models.ForeignKey(
        "geography.Municipality", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_type_is_known", condition=Q(type__in=OrganisationType.values)
            ),
            models.CheckConstraint(
                name="organisation_oin_has_20_digits",
                condition=Q(oin="") | Q(oin__regex=r"^\d{20}$"),
            ),
            models.CheckConstraint(
                name="municipality_organisation_names_its_municipality",
                condition=~Q(type=OrganisationType.MUNICIPALITY) | Q(municipality__isnull=False),
            ),
            models.UniqueConstraint(Lower("name"), name="organisation_name_is_used_once"),
            models.UniqueConstraint(
                fields=["type"],
                condition=Q(type__in=["platform", "emm", "comensha"]),
                name="there_is_one_emm_one_national_desk_and_one_platform",
            ),
        ]
        permissions = [("manage_members", "Can manage the members of this organisation")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:organisations")


class OrganisationGroupPermission(GroupObjectPermissionBase):
    """Which role-group may do what within this organisation (django-guardian, by direct key)."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class CareRegionCoverage(models.Model):
    """Which organisation coordinates care in a care region, and since when (dekking)."""

    care_region = models.ForeignKey("geography.CareRegion", models.PROTECT, related_name="coverage")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="coverage")
    valid = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="care_region_has_one_coordinating_organisation_at_a_time",
                expressions=[
                    ("care_region", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.care_region_id}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, or a service, who can sign in. What they may do follows from a membership.

    There is no superuser: no account opens case data by being special.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_active = models.BooleanField(_("active"), default=True)
    #: A partner's system: it signs in by its key alone, and nobody reads its mail.
    machine = models.BooleanField(default=False, db_default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    is_superuser = False
    is_staff = False
    #: Those that run, where they were read together with the person: see SignInBackend.
    running_memberships: list[Membership] | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=Lower(F("email")))
            ),
            models.CheckConstraint(
                name="machine_has_no_password",
                condition=Q(machine=False)
                | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Ask the backends: guardian for coarse objects, grants for cases."""
        return self.is_active and any(
            backend.has_perm(self, perm, obj=obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )


class Membership(models.Model):
    """A person acts for an organisation in one role for a time (aanstelling)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid = DateTimeRangeField(_("valid"))
    wall = models.GeneratedField(
        expression=Case(
            When(role__in=INTELLIGENCE, then=Value(Wall.INTELLIGENCE.value)),
            When(role__in=CARE, then=Value(Wall.CARE.value)),
            default=Value(Wall.NONE.value),
        ),
        output_field=models.CharField(max_length=12),
        db_persist=True,
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_role_is_known", condition=Q(role__in=Role.values)
            ),
            ExclusionConstraint(
                name="membership_is_not_held_twice",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="nobody_stands_on_both_sides_of_the_wall",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("wall", RangeOperators.NOT_EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=~Q(wall=""),
            ),
            ExclusionConstraint(
                name="nobody_works_for_two_organisations_at_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.NOT_EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} for {self.organisation_id}"

    def may(self, permission: Permission) -> bool:
        return permission in MATRIX[Role(self.role)]

    @property
    def group_name(self) -> str:
        """The guardian group that carries what this role may do within the organisation."""
        return f"{self.organisation_id}:{self.role}"
