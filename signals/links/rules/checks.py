"""Who may link, and what two signals it takes: refusals in words."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.links.models import Link, LinkKind
from signals.models import Signal
from signals.rules import LONGEST_TEXT, MoveRefused, SignalRefused


def check_linker(member: Membership) -> None:
    if not member.may(Permission.SIGNAL_TRIAGE):
        raise PermissionDenied(_("Your role does not link signals."))


def check_link(signal: Signal, other: Signal, kind: str, note: str) -> str:
    """The note without white space around it. Raises SignalRefused."""
    if signal.pk == other.pk:
        raise SignalRefused({"other": _("This is the signal itself. Name another one.")})
    if kind not in LinkKind.values:
        raise SignalRefused({"kind": _("Choose one of the answers.")})
    note = note.strip()
    if kind == LinkKind.OTHER and not note:
        raise SignalRefused({"note": _("Write down why they belong together.")})
    if len(note) > LONGEST_TEXT:
        raise SignalRefused(
            {"note": _("This is too long. Use at most %s characters.") % LONGEST_TEXT}
        )
    return note


def check_end(link: Link) -> None:
    if link.ended_at is not None:
        raise MoveRefused(_("This link was ended before, by %s.") % link.ended_by)


def check_dismiss(signal: Signal, other: Signal) -> None:
    if signal.pk == other.pk:
        raise MoveRefused(_("This is the signal itself. Name another one."))
