"""Keys are rotated in batches, with the old and the new key of the ring both live."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import DataKey
from referral.lib.crypto import KeyRing, Unreadable, new_key
from referral.organisations.roles import Role
from referral.persons.actions import open_identity
from tests.factories.people import make_member
from tests.factories.persons import FACTS, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE)


def opens(person, alice):
    with acting(alice, purpose="test"):
        return open_identity(person, by=alice, at=timezone.now()) == FACTS


def test_everything_opens_before_during_and_after_a_rotation(alice, settings):
    persons = [make_person(alice) for _ in range(3)]
    old = settings.KEY_RING
    both = KeyRing(keys={**old.keys, "next": new_key()}, current="next")
    settings.KEY_RING = both
    assert all(opens(person, alice) for person in persons)

    said = StringIO()
    call_command("rotate_keys", batch=2, stdout=said)
    assert set(DataKey.objects.values_list("ring_key_id", flat=True)) == {"next"}
    assert "0 keys are under another key" in said.getvalue()

    settings.KEY_RING = KeyRing(keys={"next": both.keys["next"]}, current="next")
    assert all(opens(person, alice) for person in persons)
    settings.KEY_RING = old
    with pytest.raises(Unreadable):
        opens(persons[0], alice)


def test_a_rotation_that_is_run_again_changes_nothing(alice, settings):
    make_person(alice)
    settings.KEY_RING = KeyRing(keys={**settings.KEY_RING.keys, "next": new_key()}, current="next")
    call_command("rotate_keys", stdout=StringIO())
    before = list(DataKey.objects.values_list("wrapped", flat=True))
    call_command("rotate_keys", stdout=StringIO())
    assert list(DataKey.objects.values_list("wrapped", flat=True)) == before
