from uuid import UUID

from referral.lib.ids import uuid7


def test_keys_sort_as_they_were_made():
    keys = [uuid7() for _ in range(5000)]

    assert keys == sorted(keys)
    assert len(set(keys)) == 5000


def test_a_key_is_a_uuid_of_version_7_made_now(time_machine):
    time_machine.move_to("2030-01-02T03:04:05Z", tick=False)
    key = uuid7()

    assert isinstance(key, UUID)
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert key.int >> 80 == 1_893_553_445_000  # milliseconds since 1970
