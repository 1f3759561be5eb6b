"""How much an address asks of the database, in statements: a clock would tell of the machine."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral.organisations.roles import Role
from tests.factories.people import make_member
from tests.signals.api.papers import SIGNAL

pytestmark = pytest.mark.django_db
SIGNALS = "/v1/signalen"


def asked(ask):
    """The statements of a second request, without the context of who acts, and how many
    transactions stand inside the one of the request.
    """
    assert ask().status_code < 300
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code < 300
    statements = [one["sql"] for one in captured.captured_queries]
    inside = [one for one in statements if one.startswith("SAVEPOINT")]
    own = ("SAVEPOINT", "RELEASE", "SELECT set_config('baken.context'")
    return len([one for one in statements if not one.startswith(own)]), len(inside) - 1


def test_each_address_asks_no_more_than_it_needs(alice):
    make_member(Role.EMM_ANALYST)
    signal = f"{SIGNALS}/{alice.send(SIGNAL).json()['id']}"

    # Who asks, the signals, the trail.
    assert asked(lambda: alice.get(SIGNALS)) == (3, 0)
    assert asked(lambda: alice.get(f"{signal}/status")) == (3, 0)
    # And what its reporters changed, and whom it names.
    assert asked(lambda: alice.get(signal)) == (5, 0)
    # Who asks, the key and its answer, the municipality, the number, the data key, the signal, its
    # story, the trail, the expert centre and its notice, the rules and what they decide.
    assert asked(lambda: alice.send(SIGNAL)) == (13, 0)
