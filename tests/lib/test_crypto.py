import os
from pathlib import Path

import pytest

from referral.lib.crypto import KeyRing, Unreadable, new_key, read_key_ring


def write(path: Path, text: str, mode: int = 0o400) -> Path:
    path.write_text(text)
    os.chmod(path, mode)  # noqa: PTH101 -- as an administrator would
    return path


def test_the_last_key_of_the_file_is_the_current_one(tmp_path):
    first, second = new_key(), new_key()

    ring = read_key_ring(write(tmp_path / "ring", f"a {first.hex()}\n\nb {second.hex()}\n"))

    assert ring == KeyRing(keys={"a": first, "b": second}, current="b")


def test_a_file_that_others_can_read_is_refused(tmp_path):
    with pytest.raises(ValueError, match="chmod 0400"):
        read_key_ring(write(tmp_path / "ring", f"a {new_key().hex()}", mode=0o644))


@pytest.mark.parametrize("text", ["", "a 00ff", "a zz"])
def test_a_file_without_whole_keys_is_refused(tmp_path, text):
    with pytest.raises(ValueError):  # noqa: PT011 -- the words differ with what is wrong
        read_key_ring(write(tmp_path / "ring", text))


def test_a_wrapped_key_opens_only_for_its_own_record():
    ring = KeyRing(keys={"a": new_key()}, current="a")
    wrapped = ring.wrap(b"secret", about="1")

    assert ring.unwrap(wrapped, key_id="a", about="1") == b"secret"
    with pytest.raises(Unreadable):
        ring.unwrap(wrapped, key_id="a", about="2")
