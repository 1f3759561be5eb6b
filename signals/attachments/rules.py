"""From whom a signal takes files, and how many: each refusal in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from signals.models import Signal
from signals.rules import side_holds
from signals.workflow import Side, Status

MOST = 20


def can_attach(member: Membership, signal: Signal) -> bool:
    """Who reported, a colleague who reads the signal as well, and the expert centre."""
    sides = (Side.REPORTER, Side.ANALYST)
    is_open = signal.status != Status.CLOSED
    return is_open and any(side_holds(member, signal, side) for side in sides)


def check_attach(member: Membership, signal: Signal, *, there: int) -> None:
    if signal.status == Status.CLOSED:
        raise Refused(_("This signal is closed. Send a new signal for what you have now."))
    if not can_attach(member, signal):
        raise Refused(_("Files are added by who reported, or by the expert centre."))
    if there >= MOST:
        raise Refused(_("A signal has at most %s files.") % MOST)
