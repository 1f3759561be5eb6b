"""Signals that share a plate, and what a colleague decided about two of them."""

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.links.actions import link_signals
from signals.links.models import Link, LinkKind
from signals.models import Signal
from signals.rules import ItemEntry
from tests.factories.people import make_member
from tests.factories.signals import item, make_signal, said

VAN = item("vehicle", plate="XX-99-YY")
PHONE = item("phone", number="06 12345678")
NOTE = "The same driver brings them."


def naming(*items: ItemEntry, by: Membership | None = None, **changes: object) -> Signal:
    """A signal that names these; what surrounds it is nobody else's unless asked for."""
    by = by or make_member(Role.LE_POLICE)
    return make_signal(by=by, said=said(by, *items), **{"place_kind": "unknown", **changes})


def make_link(
    one: Signal,
    other: Signal,
    *,
    kind: LinkKind = LinkKind.NETWORK,
    note: str = NOTE,
    analyst: Membership | None = None,
) -> Link:
    analyst = analyst or make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        return link_signals(one, other=other, kind=kind, note=note, by=analyst, at=timezone.now())
