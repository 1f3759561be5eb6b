"""Sealing what identifies: one data key per subject, wrapped by the key ring of the settings."""

from collections.abc import Mapping

from django.conf import settings

from referral.access.models import DataKey
from referral.lib import crypto
from referral.lib.ids import uuid7


def new_data_keys(count: int) -> list[DataKey]:
    """`count` new keys, written to the database; one insert for all."""
    ring = settings.KEY_RING
    keys = []
    for _ in range(count):
        identifier = uuid7()
        wrapped = ring.wrap(crypto.new_key(), about=str(identifier))
        keys.append(DataKey(id=identifier, wrapped=wrapped, ring_key_id=ring.current))
    return DataKey.objects.bulk_create(keys)


def new_data_key() -> DataKey:
    return new_data_keys(1)[0]


def opened(key: DataKey) -> bytes:
    """The key itself. Raises `crypto.Unreadable` when the ring does not fit."""
    plain: bytes = settings.KEY_RING.unwrap(
        bytes(key.wrapped), key_id=key.ring_key_id, about=str(key.pk)
    )
    return plain


def seal(payload: Mapping[str, object], *, key: DataKey, about: str) -> bytes:
    """Encrypt `payload` under the subject's key.

    `about` is the table, the row and the version of its shape (`"persons_identity|<id>|1"`):
    a value moved to another row cannot be opened there.
    """
    return crypto.encrypt_json(payload, key=opened(key), about=about)


def unseal(sealed: bytes, *, key: DataKey, about: str) -> dict[str, object]:
    """Decrypt; raises `crypto.Unreadable` for a wrong key, an altered or a moved value."""
    return crypto.decrypt_json(bytes(sealed), key=opened(key), about=about)


def blind_index(kind: str, value: str) -> bytes:
    """The look-up hash of a normalised value; each kind has its own key."""
    return crypto.blind_index(value, secret=settings.INDEX_KEY, kind=kind)
