"""Deeds of access itself: refusals are recorded, systems of partners get their tokens."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from referral.access.context import acting
from referral.access.models import AccessToken, ClientKey, SpentAssertion
from referral.access.rules import AssertionRefused, check_assertion, read_assertion
from referral.audit.actions import record
from referral.organisations.models import Membership

TOKEN_LIVES = timedelta(minutes=10)


@transaction.atomic
def record_refusal(*, by: Membership, path: str, status: int, at: datetime) -> None:
    """Write that a member asked for what is not theirs; the request itself has rolled back."""
    record(
        "request_refused",
        by=by,
        at=at,
        result=f"refused {status}",
        details={"path": path},
    )


@transaction.atomic
def issue_token(assertion: str, *, audience: str, at: datetime, address: str = "") -> str:
    """Honour a signed request for a token (RFC 7523), once. Raises AssertionRefused.

    Nobody acts yet: the one who does follows from the signature.
    """
    request = read_assertion(assertion)
    keys = ClientKey.objects.usable_at(at).filter(client=request.client_id, name=request.key_name)
    key = keys.select_related(
        "client__membership__user", "client__membership__organisation"
    ).first()
    check_assertion(request, key.of_lib if key else None, audience=audience, at=at)
    if key is None:
        raise AssertionRefused
    with acting(key.client.membership, purpose="token", address=address) as member:
        _spend(key, request.jti, expires=datetime.fromtimestamp(request.expires, UTC), at=at)
        token = secrets.token_urlsafe(32)
        AccessToken.objects.filter(client=key.client, expires_at__lte=at).delete()
        AccessToken.objects.create(
            digest=digest_of(token),
            client=key.client,
            key=key,
            issued_at=at,
            expires_at=at + TOKEN_LIVES,
        )
        record("token_issued", by=member, at=at, on=key.client, details={"key": key.name})
    return token


def digest_of(token: str) -> bytes:
    """What is kept of a token. Its 256 bits are chance, so one round of hashing is enough."""
    return hashlib.sha256(token.encode()).digest()


def _spend(key: ClientKey, jti: str, *, expires: datetime, at: datetime) -> None:
    """Mark the request as honoured; the database refuses the second time, also at once."""
    SpentAssertion.objects.filter(client=key.client, expires_at__lte=at).delete()
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(client=key.client, jti=jti, expires_at=expires)
    except IntegrityError as refusal:
        if "assertion_is_honoured_once" not in str(refusal):
            raise
        raise AssertionRefused.again() from refusal


def member_of(token: str, *, at: datetime) -> Membership | None:
    """By whom a system acts that shows this token now; None when it opens nothing any more."""
    found = AccessToken.objects.usable_at(at).with_member().filter(digest=digest_of(token)).first()
    return found.client.membership if found else None
