"""The audit trail: who did what, when, for whom and why. It only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse

from referral.audit.querysets import AuditEventQuerySet
from referral.lib import crypto


class AuditEvent(models.Model):
    """One deed or one look, of one member (logregel).

    No foreign keys: the trail never stands in the way of the data it tells of. The database
    stamps the time, the transaction and the hash, and believes the actor only when the signed
    context says the same. Fields follow NEN 7513 and BIO2 8.15.01.
    """

    recorded_at = models.DateTimeField()
    xid = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    ids = ArrayField(models.CharField(max_length=64), default=list)
    result = models.CharField(max_length=20)
    purpose = models.CharField(max_length=200, blank=True)
    legal_basis = models.CharField(max_length=60, blank=True)
    grant_used = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    trace_id = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    details = models.BinaryField()
    details_key = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()
    row_hash = models.BinaryField()

    objects: ClassVar[AuditEventQuerySet] = AuditEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_action_is_one_word", condition=Q(action__regex=r"^[a-z][a-z0-9_]*$")
            ),
            models.CheckConstraint(
                name="audit_result_is_known",
                condition=Q(result__regex=r"^(done|denied|refused|failed)( \d{3})?$"),
            ),
        ]
        indexes = [
            # In this order the sealer reads: by transaction, then as written.
            models.Index(fields=["xid", "id"], name="audit_in_sealing_order"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["actor_id", "recorded_at"], name="audit_by_actor"),
            BrinIndex(fields=["recorded_at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} on {self.object_type} {self.object_id}".rstrip()

    def opened_details(self) -> dict[str, object]:
        """What the encrypted details say. Raises `crypto.Unreadable` without the right key."""
        if not self.details:
            return {}
        return crypto.decrypt_json(
            bytes(self.details),
            key=_details_secret(self.details_key),
            about=_about(self.action, self.object_id),
        )


class Seal(models.Model):
    """A link of the chain over the trail (zegel): what it covers can no longer change unseen.

    It covers the rows of every transaction from `from_xid` up to, not including, `until_xid`;
    all of those had ended at `sealed_at`. Transactions from `horizon_xid` began after it.
    """

    seq = models.BigIntegerField(primary_key=True)
    from_xid = models.BigIntegerField()
    until_xid = models.BigIntegerField()
    horizon_xid = models.BigIntegerField()
    row_count = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="seal_hash_is_used_once"),
            models.CheckConstraint(
                name="seal_covers_a_period", condition=Q(until_xid__gt=models.F("from_xid"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}:{bytes(self.hash).hex()}"

    def get_absolute_url(self) -> str:
        return reverse("audit:trail")


def sealed_details(
    details: Mapping[str, object] | None, *, action: str, object_id: str
) -> tuple[bytes, str]:
    """The details as ciphertext, and the id of the key that opens them."""
    if not details:
        return b"", ""
    key_id: str = settings.KEY_RING.current
    plain = json.loads(json.dumps(details, default=str))
    sealed = crypto.encrypt_json(
        plain, key=_details_secret(key_id), about=_about(action, object_id)
    )
    return sealed, key_id


def _about(action: str, object_id: str) -> str:
    return f"audit|{action}|{object_id}"


@cache
def _details_secret(key_id: str) -> bytes:
    if key_id not in settings.KEY_RING.keys:
        raise crypto.Unreadable(f"the key ring has no key {key_id!r}")
    return crypto.derive_key(settings.KEY_RING.keys[key_id], purpose="audit details")
