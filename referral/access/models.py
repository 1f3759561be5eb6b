"""What the locks stand on: the role matrix in the database, data keys, answers given, and the
systems of partners with their keys and tokens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from referral.access.querysets import AccessTokenQuerySet, ClientKeyQuerySet
from referral.lib.ids import uuid7
from referral.lib.jws import ALGORITHMS, PublicKey
from referral.organisations.models import Membership, User


class RolePermission(models.Model):
    """One tick of the role matrix, where row-level security can ask it.

    Written only by `manage.py sync_roles`, as the owner of the tables.
    """

    role = models.CharField(max_length=20)
    permission = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "permission"], name="role_holds_a_permission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"


class DataKey(models.Model):
    """The wrapped key of one subject's secrets (a person, a signal, a shelter).

    Without the key ring it opens nothing; deleting it erases the secrets for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wrapped = models.BinaryField()
    ring_key_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class KeptAnswer(models.Model):
    """The answer once given to a request with this key: asked again, it is given again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    body = models.BinaryField()
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="request_is_answered_once"),
        ]

    def __str__(self) -> str:
        return self.key


class ApiClient(models.Model):
    """A system of a partner that sends and reads by itself (koppeling).

    It acts by a membership of the partner, as a person does, and its number is the `client_id`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="client_that_ended_has_time_and_name",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClientKey(models.Model):
    """The public half of a key by which a partner's system signs (sleutel van een koppeling).

    A system has several while it changes from one to the next.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    algorithm = models.CharField(max_length=5, choices=[(name, name) for name in ALGORITHMS])
    public = models.BinaryField()
    valid = DateTimeRangeField()

    objects: ClassVar[ClientKeyQuerySet] = ClientKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="client_key_signs_in_a_known_way", condition=Q(algorithm__in=ALGORITHMS)
            ),
            models.CheckConstraint(
                name="client_key_has_a_beginning_and_an_end",
                condition=Q(
                    valid__isempty=False,
                    valid__startswith__isnull=False,
                    valid__endswith__isnull=False,
                ),
            ),
            models.UniqueConstraint(name="client_names_each_key_once", fields=["client", "name"]),
            models.UniqueConstraint(name="public_key_belongs_to_one_client", fields=["public"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def of_lib(self) -> PublicKey:
        return PublicKey(self.name, self.algorithm, bytes(self.public))


class SpentAssertion(models.Model):
    """A signed request for a token that was honoured; it is honoured once, until it expires."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    jti = models.CharField(max_length=128)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assertion_is_honoured_once", fields=["client", "jti"]),
        ]

    def __str__(self) -> str:
        return self.jti


class AccessToken(models.Model):
    """By which a partner's system acts for ten minutes; only the hash of it is kept."""

    digest = models.BinaryField(unique=True)
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    key = models.ForeignKey(ClientKey, models.CASCADE, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects: ClassVar[AccessTokenQuerySet] = AccessTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="token_lives_ten_minutes_at_most",
                condition=Q(
                    expires_at__gt=F("issued_at"),
                    expires_at__lte=F("issued_at") + timedelta(minutes=10),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} until {self.expires_at:%H:%M}"
