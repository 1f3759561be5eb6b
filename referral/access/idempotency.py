"""The same request twice is one deed and one answer, whatever was lost on the way.

The record, the deed, its audit line and its notices commit in one transaction. A second
request with the same key waits in the database until the first has committed. Pages do their
deeds through `referral.access.deeds`, and a door gives a kept answer before it asks anything.
"""

import json
from collections.abc import Mapping
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from referral.access.models import KeptAnswer
from referral.lib.refusals import Refused
from referral.organisations.models import Membership

#: Fields that differ between two sendings of one form.
NOT_IN_BODY = frozenset({"csrfmiddlewaretoken", "idempotency_key"})


class KeyMissing(Refused):
    """A form without the key that every page gives."""

    def __str__(self) -> str:
        return _("This form is not complete. Open the page again and send it from there.")


class KeyReused(Refused):
    """The key was used before with another content."""

    def __str__(self) -> str:
        return _("This form was sent before with other content. Open a new form and send it again.")


def new_key() -> str:
    return uuid4().hex


def fitting(key: str) -> str:
    """The key as its column holds it, whatever was sent."""
    return key.replace("\0", "")[:64]


def body_hash(body: Mapping[str, object]) -> bytes:
    """Tells two bodies apart, and tells nobody without our secret what was in them."""
    content = {
        name: body.getlist(name) if hasattr(body, "getlist") else body[name]
        for name in sorted(body)
        if name not in NOT_IN_BODY
    }
    words = json.dumps(content, sort_keys=True, default=str)
    return salted_hmac(__name__, words, algorithm="sha256").digest()


def earlier_answer(member: Membership, *, key: str, body: Mapping[str, object]) -> str | None:
    """Claim the key. None: go on, it is yours. A text: the answer that was given before.

    Raises KeyReused when the key came with another body, KeyMissing when there is none. Must run
    inside the transaction of the deed.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("claim a key in the transaction of its deed")
    sent, key = body_hash(body), fitting(key)
    if not key:
        raise KeyMissing
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_keptanswer (user_id, key, body, answer, created_at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
            [member.user_id, key, sent, timezone.now()],
        )
        if cursor.rowcount == 1:
            return None
    earlier = KeptAnswer.objects.get(user_id=member.user_id, key=key)
    if bytes(earlier.body) != sent:
        raise KeyReused
    return earlier.answer


def answered_before(member: Membership, *, body: Mapping[str, str]) -> str:
    """The answer to this very form when it was sent before; empty when it was not."""
    key = fitting(body.get("idempotency_key", ""))
    if not key:
        return ""
    kept = KeptAnswer.objects.filter(user_id=member.user_id, key=key, body=body_hash(body))
    return kept.values_list("answer", flat=True).first() or ""


def keep_answer(member: Membership, *, key: str, answer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_keptanswer SET answer = %s WHERE user_id = %s AND key = %s",
            [answer, member.user_id, fitting(key)],
        )
