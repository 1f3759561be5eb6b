"""Signed messages to other systems, by Standard Webhooks 1.0 (standardwebhooks.com)."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
#: Of the 24 to 64 that the standard allows.
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(body: bytes, *, number: str, at: datetime, by: Sequence[str]) -> dict[str, str]:
    """The headers of a message: its number, which stays at each try, the moment of this try, and
    a signature by each secret that holds now.
    """
    moment = str(int(at.timestamp()))
    content = f"{number}.{moment}.".encode() + body
    return {
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(content, secret) for secret in by),
    }


def _signature(content: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return f"v1,{b64encode(hmac.digest(key, content, 'sha256')).decode()}"
