"""Systems of partners, added by the platform administrator, with keys of their own."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import ApiClient
from referral.api import JWT_BEARER, token_address
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.people.actions import add_client, add_client_key
from tests.factories.people import make_member

TOKEN = "/v1/token"


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Pair:
    """A pair of keys, as a partner has them."""

    def __init__(self, algorithm: str = "ES256", kid: str = "") -> None:
        self.algorithm, self.kid = algorithm, kid or f"key-{uuid4().hex[:8]}"
        if algorithm == "ES256":
            self.private: Any = ec.generate_private_key(ec.SECP256R1())
            numbers = self.private.public_key().public_numbers()
            self.parts = {"kty": "EC", "crv": "P-256"}
            self.parts |= {n: encoded(getattr(numbers, n).to_bytes(32)) for n in ("x", "y")}
        else:
            self.private = rsa.generate_private_key(65537, 2048)
            n = self.private.public_key().public_numbers().n
            self.parts = {"kty": "RSA", "n": encoded(n.to_bytes(256)), "e": "AQAB"}

    def jwk(self, **more: Any) -> str:
        return json.dumps({**self.parts, "kid": self.kid, "alg": self.algorithm, **more})

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        head = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **header}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
        return f"{signed}.{encoded(self._signature(signed.encode()))}"

    def _signature(self, signed: bytes) -> bytes:
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self.private.sign(signed, ec.ECDSA(SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        pss = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
        fill = pss if self.algorithm == "PS256" else padding.PKCS1v15()
        return bytes(self.private.sign(signed, fill, SHA256()))


@dataclass
class Partner:
    """A system of a partner: it asks for a token once, and then sends and reads."""

    client: ApiClient
    pair: Pair
    web: Client = field(default_factory=Client)
    token: str = ""

    @property
    def member(self) -> Membership:
        return self.client.membership

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        said = {
            "iss": str(self.client.pk),
            "sub": str(self.client.pk),
            "aud": token_address(),
            "exp": now + 60,
            "iat": now,
            "jti": uuid4().hex,
        }
        return {name: value for name, value in {**said, **changes}.items() if value is not None}

    def ask(self, assertion: str = "", **changes: Any) -> Any:
        sent = {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion or self.pair.sign(self.claims()),
            **changes,
        }
        return self.web.post(
            TOKEN,
            urlencode(sent, doseq=True),
            content_type="application/x-www-form-urlencoded",
        )

    def headers(self, **more: str) -> dict[str, str]:
        if not self.token:
            self.token = self.ask().json()["access_token"]
        return {"authorization": f"Bearer {self.token}", **more}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.web.get(path, query, headers=self.headers(**headers))

    def send(self, body: Any, path: str = "/v1/signalen", *, key: str = "") -> Any:
        return self.web.post(
            path,
            body if isinstance(body, str | bytes) else json.dumps(body),
            content_type="application/json",
            headers=self.headers(**{"idempotency-key": key or uuid4().hex}),
        )


def make_partner(
    role: Role = Role.LE_POLICE,
    *,
    organisation: Organisation | None = None,
    algorithm: str = "ES256",
    name: str = "Case system",
) -> Partner:
    pair = Pair(algorithm)
    admin = make_member(Role.PLATFORM_ADMIN)
    home = organisation or make_member(role).organisation
    with acting(admin, purpose="test"):
        now = timezone.now()
        client = add_client(
            home,
            name=name,
            role=role,
            jwk=pair.jwk(),
            key_until=now + timedelta(days=365),
            by=admin,
            at=now,
        )
    return Partner(client, pair)


def add_key(partner: Partner, pair: Pair) -> None:
    admin = make_member(Role.PLATFORM_ADMIN)
    with acting(admin, purpose="test"):
        now = timezone.now()
        until = now + timedelta(days=365)
        add_client_key(partner.client, jwk=pair.jwk(), until=until, by=admin, at=now)
