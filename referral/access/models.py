"""What the locks stand on: the role matrix in the database, data keys, and answers given."""

from django.db import models
from django.utils import timezone

from referral.lib.ids import uuid7
from referral.organisations.models import User


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
