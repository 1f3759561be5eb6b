"""Signed statements of other systems (JWS, RFC 7515), checked against a key that we know.

PyJWT reads and checks; what stands here is what we refuse besides. The algorithm belongs to the
key that was registered, so `none` is no algorithm, and what the header says about keys elsewhere
(`jwk`, `jku`, `x5u`) is not read. RS256 is what the Dutch profile for OAuth (NL GOV Assurance
profile) asks of everyone; PS256 and ES256 are the better two.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from jwt import InvalidTokenError, PyJWK, PyJWS
from jwt.exceptions import PyJWTError

ALGORITHMS = ("RS256", "PS256", "ES256")
#: Members of a JWK that are nobody's business but their owner's.
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
SHORTEST_RSA, LONGEST_RSA = 2048, 8192
EXPONENT = 65537
LONGEST_STATEMENT = 8_000
LONGEST_KEY_NAME = 100
READER = PyJWS(algorithms=list(ALGORITHMS))


class Unreadable(ValueError):
    """No signed statement, or no public key, of the kinds that are read here."""


class PrivateKey(Unreadable):
    """Somebody handed over the half of the key that nobody else may have."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, how it signs, and its name: `kid`, or the thumbprint of RFC 7638 when it has none."""

    name: str
    algorithm: str
    der: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated, as long as `signed_by` says so; before that it is hearsay."""

    key_name: str
    claims: Mapping[str, Any]
    text: str

    def signed_by(self, key: PublicKey) -> bool:
        """Whether this key signed it, in the way that belongs to the key."""
        public = load_der_public_key(key.der)
        if not isinstance(public, EllipticCurvePublicKey | RSAPublicKey):
            return False
        try:
            READER.decode_complete(self.text, key=public, algorithms=[key.algorithm])
        except InvalidTokenError:
            return False
        return True


def read_statement(text: str) -> Statement:
    """Take a compact JWS apart. Raises Unreadable."""
    if len(text) > LONGEST_STATEMENT:
        raise Unreadable
    try:
        read = READER.decode_complete(text, options={"verify_signature": False})
    except (PyJWTError, ValueError, RecursionError) as error:
        raise Unreadable from error
    header, claims = read["header"], _object(read["payload"])
    if "crit" in header or header.get("b64", True) is not True:
        raise Unreadable  # it asks for what is not understood here
    name = header.get("kid", "")
    if not isinstance(name, str) or not name.isprintable() or len(name) > LONGEST_KEY_NAME:
        raise Unreadable
    return Statement(key_name=name, claims=claims, text=text)


def read_key(text: str) -> PublicKey:
    """A public JWK (RFC 7517) as text. Raises PrivateKey or Unreadable."""
    jwk = _object(text)
    if PRIVATE & jwk.keys():
        raise PrivateKey
    if jwk.get("use", "sig") != "sig":
        raise Unreadable
    usual = {"EC": "ES256", "RSA": "RS256"}.get(str(jwk.get("kty")), "")
    algorithm = jwk.get("alg", usual)
    if algorithm not in ALGORITHMS:
        raise Unreadable
    public = _public(jwk, algorithm)
    parts = ("crv", "kty", "x", "y") if algorithm == "ES256" else ("e", "kty", "n")
    name = jwk.get("kid") or _thumbprint({part: jwk[part] for part in parts})
    if not isinstance(name, str) or not name.isprintable() or len(name) > LONGEST_KEY_NAME:
        raise Unreadable
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(name, algorithm, der)


def _public(jwk: dict[str, Any], algorithm: str) -> EllipticCurvePublicKey | RSAPublicKey:
    try:
        public = PyJWK(jwk, algorithm).key
    except (PyJWTError, ValueError, TypeError, KeyError) as error:
        raise Unreadable from error
    if isinstance(public, EllipticCurvePublicKey) and jwk.get("crv") == "P-256":
        return public
    if (
        isinstance(public, RSAPublicKey)
        and SHORTEST_RSA <= public.key_size <= LONGEST_RSA
        and public.public_numbers().e == EXPONENT
    ):
        return public
    raise Unreadable


def _thumbprint(members: Mapping[str, Any]) -> str:
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found
