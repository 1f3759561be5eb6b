"""Django's PostgreSQL backend, which tells the database who acts whenever a transaction opens.

The context is transaction-local, so a pooled connection carries nobody's rights to the next
user, and signed, so that an SQL injection cannot set it to somebody else.
"""

import hashlib
import hmac
import time

from django.conf import settings
from django.db.backends.postgresql import base

from referral.lib.acting import Actor, current_actor

CONTEXT_SECONDS = 900


def signed_context(actor: Actor | None) -> str:
    """The value of the setting `baken.context`: `key id:signature:payload`; empty for nobody."""
    if actor is None:
        return ""
    expires = int(time.time()) + CONTEXT_SECONDS
    payload = (
        f"{actor.user_id}|{actor.organisation_id}|{actor.role}|{expires}|{actor.purpose[:200]}"
    )
    signature = hmac.new(settings.CONTEXT_KEY, payload.encode(), hashlib.sha256).hexdigest()
    return f"{settings.CONTEXT_KEY_ID}:{signature}:{payload}"


class DatabaseWrapper(base.DatabaseWrapper):
    """Write the context at the start of a transaction; referral.lib.acting asks for it again."""

    def set_autocommit(
        self,
        autocommit: bool,  # noqa: FBT001 -- the signature is Django's
        force_begin_transaction_with_broken_autocommit: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and current_actor() is not None:
            self.write_context()

    def write_context(self) -> None:
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('baken.context', %s, true)", [signed_context(current_actor())]
            )
