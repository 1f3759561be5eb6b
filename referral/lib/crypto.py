"""Sealing, wrapping and blind indexing: the primitives, without models.

Every sealed value says what it is about (associated data); a wrong key or a value that was
moved to another row raises `Unreadable`, and never gives back ciphertext.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(Exception):
    """The value cannot be opened: wrong key, altered, or moved from another record."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key-encryption keys by their id; new data keys are wrapped by `current`."""

    keys: Mapping[str, bytes]
    current: str

    def wrap(self, data_key: bytes, *, about: str) -> bytes:
        return encrypt(data_key, key=self.keys[self.current], about=f"key|{about}")

    def unwrap(self, wrapped: bytes, *, key_id: str, about: str) -> bytes:
        if key_id not in self.keys:
            raise Unreadable(f"the key ring has no key {key_id!r}")
        return decrypt(wrapped, key=self.keys[key_id], about=f"key|{about}")


def read_key_ring(path: Path) -> KeyRing:
    """Read a ring from a file of lines `id hex-of-32-bytes`, the current key last.

    Raises ValueError when the file can be read by others or a line is not a key.
    """
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} can be read by others: chmod 0400 {path}")
    keys: dict[str, bytes] = {}
    for line in path.read_text().splitlines():
        key_id, _, value = line.strip().partition(" ")
        if key_id:
            keys[key_id] = bytes.fromhex(value)
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError(f"{path} must hold lines of a key id and 64 hexadecimal digits")
    return KeyRing(keys=keys, current=list(keys)[-1])


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def encrypt(plain: bytes, *, key: bytes, about: str) -> bytes:
    """AES-256-GCM; the result is nonce and ciphertext in one."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def decrypt(sealed: bytes, *, key: bytes, about: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except InvalidTag as error:
        raise Unreadable(f"this value is not readable as {about.split('|')[0]}") from error


def encrypt_json(value: Mapping[str, object], *, key: bytes, about: str) -> bytes:
    return encrypt(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), key=key, about=about
    )


def decrypt_json(sealed: bytes, *, key: bytes, about: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(decrypt(sealed, key=key, about=about))
    return value


@lru_cache(maxsize=64)
def derive_key(secret: bytes, *, purpose: str) -> bytes:
    """One key for one purpose out of a secret (HKDF-SHA-256)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


def blind_index(value: str, *, secret: bytes, kind: str) -> bytes:
    """A keyed hash by which equal values are found without being readable.

    Each kind (name, phone, number) has a key of its own, so that equal values of different
    kinds do not show themselves as equal.
    """
    return hmac.new(derive_key(secret, purpose=f"index|{kind}"), value.encode(), "sha256").digest()


def sign_blocks(secret: bytes) -> tuple[bytes, bytes]:
    """The two padded key blocks of HMAC-SHA-256 (RFC 2104), for computing it in plain SQL."""
    block = secret if len(secret) <= 64 else hashlib.sha256(secret).digest()
    block = block.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)
