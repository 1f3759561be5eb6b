"""When a signed request for a token is honoured (RFC 7523, `private_key_jwt`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from referral.lib.jws import PublicKey, Statement, Unreadable, read_statement
from referral.lib.refusals import Refused

LONGEST_LIFE = timedelta(minutes=5)
#: By how much the clock of a partner may be ahead of ours.
LEEWAY = timedelta(seconds=30)
LONGEST_JTI = 128


class AssertionRefused(Refused):
    """No token. Without a valid signature the sentence tells nothing of what is known here."""

    #: Which system it names, for the trail; None while that cannot be read.
    client_id: UUID | None = None

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence or _("This system or its key is not known, has ended, or has not signed this.")
        )

    @classmethod
    def again(cls) -> Self:
        return cls(_("This assertion was used before. Sign a new one, with another jti."))


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who says that it asks for a token, and the signed statement that must prove it."""

    client_id: UUID
    key_name: str
    jti: str
    expires: float
    statement: Statement


def read_assertion(text: str) -> Assertion:
    """Take it apart, without trusting it. Raises AssertionRefused."""
    try:
        statement = read_statement(text)
        client_id = UUID(str(statement.claims.get("sub")))
    except (Unreadable, ValueError) as error:
        raise AssertionRefused from error
    return Assertion(
        client_id=client_id,
        key_name=statement.key_name,
        jti=_text(statement.claims, "jti"),
        expires=_moment(statement.claims, "exp") or 0.0,
        statement=statement,
    )


def check_assertion(
    assertion: Assertion, key: PublicKey | None, *, audience: str, at: datetime
) -> None:
    """Raise AssertionRefused unless this key signed it, for us, for now and for itself."""
    if key is None or not assertion.statement.signed_by(key):
        raise AssertionRefused
    claims = assertion.statement.claims
    if claims.get("iss") != claims.get("sub"):
        raise AssertionRefused(_("“iss” and “sub” must both be the number of your system."))
    if claims.get("aud") not in (audience, [audience]):
        raise AssertionRefused(_("“aud” must be %s, and nothing else.") % audience)
    if not 0 < len(assertion.jti) <= LONGEST_JTI or "\0" in assertion.jti:
        raise AssertionRefused(
            _("“jti” must be a new text of at most %s characters.") % LONGEST_JTI
        )
    now, latest = at.timestamp(), (at + LONGEST_LIFE + LEEWAY).timestamp()
    if not now < assertion.expires <= latest:
        raise AssertionRefused(
            _("“exp” must lie in the future, and at most five minutes from now.")
        )
    for name in ("iat", "nbf"):
        if name in claims and not (_moment(claims, name) or latest) <= now + LEEWAY.seconds:
            raise AssertionRefused(_("“%s” must not lie in the future.") % name)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    """Seconds since 1970; None when it is no number."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None
