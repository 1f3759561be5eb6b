"""What is sealed opens with its own key, at its own place, or not at all."""

import pytest
from django.conf import settings

from referral.access.secrets import blind_index, new_data_key, new_data_keys, seal, unseal
from referral.lib.crypto import KeyRing, Unreadable, new_key

pytestmark = pytest.mark.django_db
NAME = {"name": "Zuleika Kanarie"}


def test_what_was_sealed_can_be_read_back():
    key = new_data_key()

    sealed = seal(NAME, key=key, about="persons_identity|1|1")

    assert b"Kanarie" not in sealed
    assert unseal(sealed, key=key, about="persons_identity|1|1") == NAME


def test_a_value_moved_to_another_row_does_not_open():
    key = new_data_key()
    sealed = seal(NAME, key=key, about="persons_identity|1|1")

    with pytest.raises(Unreadable):
        unseal(sealed, key=key, about="persons_identity|2|1")


def test_the_key_of_another_subject_does_not_open_it():
    first, second = new_data_keys(2)
    sealed = seal(NAME, key=first, about="persons_identity|1|1")

    with pytest.raises(Unreadable):
        unseal(sealed, key=second, about="persons_identity|1|1")


def test_an_altered_value_does_not_open():
    key = new_data_key()
    sealed = bytearray(seal(NAME, key=key, about="persons_identity|1|1"))
    sealed[-1] ^= 1

    with pytest.raises(Unreadable):
        unseal(bytes(sealed), key=key, about="persons_identity|1|1")


def test_another_key_ring_does_not_open_it(settings):
    key = new_data_key()
    sealed = seal(NAME, key=key, about="persons_identity|1|1")
    settings.KEY_RING = KeyRing(keys={"demo": new_key()}, current="demo")

    with pytest.raises(Unreadable):
        unseal(sealed, key=key, about="persons_identity|1|1")


def test_a_key_ring_without_the_key_says_so(settings):
    key = new_data_key()
    settings.KEY_RING = KeyRing(keys={"next": new_key()}, current="next")

    with pytest.raises(Unreadable, match="demo"):
        unseal(b"", key=key, about="x")


def test_equal_values_are_found_and_kinds_are_told_apart():
    assert blind_index("phone", "0612345678") == blind_index("phone", "0612345678")
    assert blind_index("phone", "0612345678") != blind_index("bsn", "0612345678")
    assert settings.INDEX_KEY not in blind_index("phone", "0612345678")
