"""Signed statements of other systems (JWS, RFC 7515), checked against a key that we know.

Narrow on purpose: the compact form, three algorithms, and the algorithm belongs to the key that
was registered. What the header says about keys elsewhere (`jwk`, `jku`, `x5u`) is not read, so
nobody brings the own key along, and `none` is no algorithm. RS256 is what the Dutch profile for
OAuth (NL GOV Assurance profile) asks of everyone; PS256 and ES256 are the better two.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

ALGORITHMS = ("RS256", "PS256", "ES256")
#: Members of a JWK that are nobody's business but their owner's.
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
SHORTEST_RSA, LONGEST_RSA = 2048, 8192
COORDINATE = 32
LONGEST_STATEMENT = 8_000
LONGEST_KEY_NAME = 100


class Unreadable(ValueError):
    """No signed statement, or no public key, of the kinds that are read here."""


class PrivateKey(Unreadable):
    """Somebody handed over the half of the key that nobody else may have."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, how it signs, and its name: `kid`, or the thumbprint when it has none, by RFC 7638."""

    name: str
    algorithm: str
    der: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated, as long as `signed_by` says so; before that it is hearsay."""

    algorithm: str
    key_name: str
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether this key signed it, in the way that belongs to the key."""
        if self.algorithm != key.algorithm:
            return False
        try:
            _verify(key, self.signature, self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_statement(text: str) -> Statement:
    """Take a compact JWS apart. Raises Unreadable."""
    if len(text) > LONGEST_STATEMENT or text.count(".") != 2:
        raise Unreadable
    head, body, signature = text.split(".")
    header, claims = _json(head), _json(body)
    if "crit" in header or header.get("b64", True) is not True:
        raise Unreadable  # it asks for what is not understood here
    return Statement(
        algorithm=str(header.get("alg", "")),
        key_name=str(header.get("kid", "")),
        claims=claims,
        signed=f"{head}.{body}".encode(),
        signature=_bytes(signature),
    )


def read_key(text: str) -> PublicKey:
    """A public JWK (RFC 7517) as text. Raises PrivateKey or Unreadable."""
    jwk = _object(text)
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    if PRIVATE & jwk.keys():
        raise PrivateKey
    if jwk.get("use", "sig") != "sig":
        raise Unreadable
    if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
        public, algorithm, parts = _elliptic(jwk), "ES256", ["crv", "kty", "x", "y"]
    elif jwk.get("kty") == "RSA":
        public, algorithm, parts = _rsa(jwk), jwk.get("alg", "RS256"), ["e", "kty", "n"]
    else:
        raise Unreadable
    if algorithm not in ALGORITHMS or jwk.get("alg", algorithm) != algorithm:
        raise Unreadable
    name = jwk.get("kid") or _thumbprint({part: jwk[part] for part in parts})
    if not isinstance(name, str) or not name.isprintable() or len(name) > LONGEST_KEY_NAME:
        raise Unreadable
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(name, algorithm, der)


def _elliptic(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    numbers = ec.EllipticCurvePublicNumbers(
        _number(jwk.get("x")), _number(jwk.get("y")), ec.SECP256R1()
    )
    try:
        return numbers.public_key()
    except ValueError as error:  # not on the curve
        raise Unreadable from error


def _rsa(jwk: Mapping[str, Any]) -> rsa.RSAPublicKey:
    n, e = _number(jwk.get("n")), _number(jwk.get("e"))
    if not SHORTEST_RSA <= n.bit_length() <= LONGEST_RSA or e != 65537:
        raise Unreadable
    try:
        return rsa.RSAPublicNumbers(e, n).public_key()
    except ValueError as error:
        raise Unreadable from error


def _verify(key: PublicKey, signature: bytes, signed: bytes) -> None:
    public = load_der_public_key(key.der)
    if isinstance(public, ec.EllipticCurvePublicKey):
        if len(signature) != 2 * COORDINATE:
            raise InvalidSignature
        r, s = (int.from_bytes(part) for part in (signature[:COORDINATE], signature[COORDINATE:]))
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    elif isinstance(public, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
        public.verify(
            signature, signed, pss if key.algorithm == "PS256" else padding.PKCS1v15(), SHA256()
        )
    else:
        raise InvalidSignature


def _thumbprint(members: Mapping[str, Any]) -> str:
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


def _number(text: object) -> int:
    if not isinstance(text, str):
        raise Unreadable
    return int.from_bytes(_bytes(text))


def _json(text: str) -> dict[str, Any]:
    return _object(_bytes(text))


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (NotBase64, UnicodeEncodeError) as error:
        raise Unreadable from error
