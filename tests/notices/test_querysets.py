"""Two locks: the queryset and the database show the same rows, to everyone."""

import random

import pytest
from django.db import transaction

from referral.access.context import acting
from referral.notices.models import Delivery, Notice
from referral.organisations.roles import OrganisationType, Role
from tests.factories.people import make_member, make_organisation
from tests.notices.post_office import as_relay, go_round, send

pytestmark = pytest.mark.django_db

ROLES = [Role.SHELTER_WORKER, Role.SHELTER_MANAGER, Role.ORG_ADMIN]


@pytest.fixture
def world():
    """Two shelters with people in several roles, and notices to all sorts of them."""
    dice = random.Random(7)
    poster = make_member(Role.ZC)
    members = [
        make_member(role, organisation=organisation)
        for organisation in (make_organisation(OrganisationType.SHELTER) for _ in range(2))
        for role in ROLES
        for _ in range(2)
    ]
    for _ in range(40):
        to = dice.choice(members)
        send(
            poster,
            to.organisation,
            role=dice.choice([None, None, *ROLES]),
            user=dice.choice([None, None, to.user]),
        )
    go_round()
    return [poster, *members]


def test_the_database_and_the_queryset_show_the_same_notices(world):
    seen = set()
    for member in world:
        with as_relay():  # for whom the database shows all, so that only the queryset chooses
            by_queryset = set(Notice.objects.visible_to(member))
        with acting(member, purpose="test"):
            by_database = set(Notice.objects.all())
        assert by_queryset == by_database
        seen |= by_database
    assert len(seen) >= 30


def test_the_database_and_the_queryset_show_the_same_deliveries(world):
    seen = set()
    for member in world:
        with as_relay():  # for whom the database shows all, so that only the queryset chooses
            by_queryset = set(Delivery.objects.visible_to(member))
        with acting(member, purpose="test"):
            by_database = set(Delivery.objects.all())
        assert by_queryset == by_database
        assert {item.user_id for item in by_database} <= {member.user_id}
        seen |= by_database
    assert len(seen) >= 30


@pytest.mark.usefixtures("world")
def test_without_a_context_there_is_nothing():
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_only_the_relay_hands_out_and_changes_a_notice(world):
    _, bob, *_ = world
    with acting(bob, purpose="test"), transaction.atomic():
        assert Notice.objects.exists()
        assert Notice.objects.update(attempts=5) == 0
        theirs = Delivery.objects.exclude(user=bob.user_id)
        assert theirs.update(read_at=None) == 0
