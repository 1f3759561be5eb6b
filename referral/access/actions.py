"""Deeds of access itself: refusals are recorded, systems of partners get their tokens."""

import hashlib
import logging
import secrets
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from redis.exceptions import RedisError

from referral.access.context import acting
from referral.access.models import AccessToken, ApiClient, ClientKey, KeptAnswer, SpentAssertion
from referral.access.rules import Assertion, AssertionRefused, check_assertion, read_assertion
from referral.audit.actions import record, recorded_together
from referral.organisations.models import Membership

logger = logging.getLogger(__name__)

#: A sender that was down for a night must still be able to send again safely.
SHORTEST_KEPT = timedelta(hours=24)
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


def record_refused_assertion(client_id: UUID | None, *, address: str, at: datetime) -> None:
    """Write that a system asked for a token and got none; nobody acts.

    Once a minute for each system that is known here, and once for all others together, so that
    a flood does not fill the trail; how many there were stands in the log.
    """
    client = ApiClient.objects.filter(pk=client_id).first() if client_id else None
    logger.warning("assertion_refused %s", client.pk if client else "unknown")
    if not _first_of_the_minute(f"refused:{client.pk if client else ''}"):
        return
    with transaction.atomic():
        record(
            "assertion_refused",
            by=None,
            at=at,
            on=client,
            result="refused 401",
            details={"address": address},
        )


def _first_of_the_minute(what: str) -> bool:
    """Without the counter nothing is written: who floods us might have brought it down."""
    try:
        return cache.add(f"api:{what}", 1, timeout=60)
    except RedisError:
        logger.exception("refusals are not counted, and only stand in this log")
        return False


def issue_token(assertion: str, *, audience: str, at: datetime, address: str = "") -> str:
    """Honour a signed request for a token (RFC 7523), once. Raises AssertionRefused, with the
    system that it names.

    Nobody acts yet: the one who does follows from the signature.
    """
    request = read_assertion(assertion)
    try:
        return _issue(request, audience=audience, at=at, address=address)
    except AssertionRefused as refusal:
        refusal.client_id = request.client_id
        raise


@transaction.atomic
def _issue(request: Assertion, *, audience: str, at: datetime, address: str) -> str:
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


@transaction.atomic
def clear_kept_answers(*, at: datetime) -> int:
    """Forget answers given longer ago than they are kept; tell how many. Never one of a day ago.

    Answers hold no content and the household of the system is not recorded.
    """
    kept_for = max(settings.ANSWERS_KEPT, SHORTEST_KEPT)
    return KeptAnswer.objects.filter(created_at__lt=at - kept_for).delete()[0]


def one_look() -> AbstractContextManager[None]:
    """Many rooms look for one page: what they record until the block ends is written together."""
    return recorded_together()
