"""What a partner's system does, as a programme to read: ask for a token, send, and follow."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from referral.access.models import ApiClient
from referral.demo.country.systems import KEY_NAME, NAME, demo_pair, encoded

SIGNAL = {
    "acuutGevaar": False,
    "vormen": ["arbeidsuitbuiting"],
    "feiten": "Verzonnen: drie mensen slapen achter de keuken en hebben hun paspoort niet.",
    "gemeente": "GM0599",
    "soortPlek": "horeca",
    "waargenomen": "2026",
    "personen": ["vrouw", "man"],
}
KINDS = ("horeca", "bouwplaats", "winkel_of_salon")


class Command(BaseCommand):
    help = "Send three made-up signals to the running demo by its API, and tell where they stand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="where the demo runs")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        system = ApiClient.objects.filter(name=NAME, ended_at=None).first()
        if system is None:
            raise CommandError("This demo has no partner's system: fill it with seed_demo first.")
        url: str = options["url"]
        bearer = {"Authorization": f"Bearer {_token(url, str(system.pk))}"}
        self.stdout.write(f"{NAME} has a token for ten minutes.")
        for kind in KINDS:
            headers = {**bearer, "Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
            body = json.dumps({**SIGNAL, "soortPlek": kind}).encode()
            receipt = _ask(f"{url}/v1/signalen", body, headers)
            told = _ask(f"{url}/v1/signalen/{receipt['id']}", None, bearer)
            self.stdout.write(f"{receipt['kenmerk']}: {kind}, {told['status']}")


def _token(url: str, client: str) -> str:
    """Signed by the partner's own key (RFC 7523)."""
    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": f"{settings.SITE_URL}/v1/token",
        "exp": now + 60,
        "jti": uuid4().hex,
    }
    head = {"alg": "ES256", "kid": KEY_NAME, "typ": "JWT"}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    r, s = utils.decode_dss_signature(demo_pair().sign(signed.encode(), ec.ECDSA(SHA256())))
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": f"{signed}.{encoded(r.to_bytes(32) + s.to_bytes(32))}",
    }
    return str(_ask(f"{url}/v1/token", urlencode(form).encode(), {})["access_token"])


def _ask(url: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, body, headers)  # noqa: S310 -- the demo on this machine
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        said: dict[str, Any] = json.load(answer)
    return said
