"""The system of a partner in the demo. Its key is known to everybody, so it lives in a demo only."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec

from referral.access.context import acting
from referral.access.models import ApiClient
from referral.demo.cast import PLATFORM
from referral.demo.country.organisations import Country
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.people.actions import add_client

NAME = "Zaaksysteem Voorbeeld (demo)"
#: By this name the check of a system that serves people finds it (baken.E005).
KEY_NAME = "demo-only"
KEY_HOLDS = timedelta(days=365)


def demo_pair() -> ec.EllipticCurvePrivateKey:
    """The same at every start, on every machine."""
    return ec.derive_private_key(
        int.from_bytes(sha256(b"demo only: partner").digest()[:31]), ec.SECP256R1()
    )


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def demo_jwk() -> str:
    """The public half, as the partner hands it over."""
    numbers = demo_pair().public_key().public_numbers()
    parts = {"x": encoded(numbers.x.to_bytes(32)), "y": encoded(numbers.y.to_bytes(32))}
    return json.dumps({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": KEY_NAME, **parts})


def add_demo_system(country: Country, *, now: datetime) -> ApiClient:
    """A system of the police unit of the demo, as its administrator would add it."""
    admin = Membership.objects.with_names().get(
        role=Role.PLATFORM_ADMIN, organisation__name=PLATFORM
    )
    with acting(admin, purpose="demo"):
        return add_client(
            country.officers[0].organisation,
            name=NAME,
            role=Role.LE_POLICE,
            jwk=demo_jwk(),
            key_until=now + KEY_HOLDS,
            by=admin,
            at=now,
        )
