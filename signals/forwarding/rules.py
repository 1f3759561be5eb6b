"""What an extract may hold, who may move it, and by when feedback is due: refusals in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.lib.working_days import is_working_day
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.enrichment.models import FlowBasis
from signals.enrichment.rules import check_flow
from signals.enrichment.workflow import PARTNER_ROLES
from signals.forwarding.models import Extract
from signals.forwarding.workflow import (
    EXTRACT_MOVES,
    OPEN_WITHIN,
    READ,
    ExtractSide,
    ExtractStatus,
)
from signals.models import ServiceLevels, Signal
from signals.rules import MoveRefused, SignalRefused, side_holds
from signals.workflow import Side, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What goes along to whom, for what, on which basis."""

    receiver: Organisation
    basis: FlowBasis
    purpose: str
    sections: Sequence[str]
    #: Which findings of the expert centre, one by one.
    findings: Sequence[UUID] = ()


def can_forward(member: Membership, signal: Signal) -> bool:
    """Who has the signal, once it is judged to be forwarded and until it is closed."""
    return signal.status == Status.FORWARDED and side_holds(member, signal, Side.HANDLER)


def check_forward(member: Membership, signal: Signal) -> None:
    if signal.status != Status.FORWARDED:
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )
    if not can_forward(member, signal):
        raise MoveRefused(
            _("Signal %(reference)s is with %(name)s, who decides on it.")
            % {"reference": signal.reference, "name": signal.taken_up_by}
        )


def check_packing(
    packing: Packing, *, known: Sequence[str], naming: Sequence[str], on: date
) -> None:
    """A fitting receiver under a basis that reaches it; names only where the basis lets them go."""
    if OrganisationType(packing.receiver.type) not in PARTNER_ROLES:
        raise SignalRefused({"receiver": _("Nothing can be forwarded to this organisation.")})
    check_flow(packing.receiver, packing.basis, on=on)
    if not packing.sections or not set(packing.sections) <= set(known):
        raise SignalRefused({"sections": _("Choose what goes along.")})
    if not packing.basis.names and (packing.findings or set(packing.sections) & set(naming)):
        raise SignalRefused(
            {
                "sections": _(
                    "Under this basis no names go along, and so no free text and no findings."
                    " Leave these sections out, or choose another basis."
                )
            }
        )


def extract_side_holds(member: Membership, extract: Extract, side: ExtractSide) -> bool:
    if side == ExtractSide.CENTRE:
        inside = member.may(Permission.SIGNAL_TRIAGE)
        return inside and side_holds(member, extract.signal, Side.HANDLER)
    same = extract.receiver_id == member.organisation_id
    return same and member.may(Permission.SIGNAL_RECEIVE)


def can_move_extract(member: Membership, extract: Extract, to: ExtractStatus) -> bool:
    side = EXTRACT_MOVES[ExtractStatus(extract.status)].get(to)
    return side is not None and extract_side_holds(member, extract, side)


def check_move_extract(member: Membership, extract: Extract, to: ExtractStatus) -> None:
    if not can_move_extract(member, extract, to):
        raise MoveRefused(
            _("This extract is now “%s”; this can no longer be done.")
            % extract.get_status_display()
        )


def can_read(member: Membership, extract: Extract) -> bool:
    """The expert centre always; the receiver what it opened, and nothing that was recalled."""
    return member.may(Permission.SIGNAL_JUDGE) or extract.status in READ


def check_read(member: Membership, extract: Extract) -> None:
    if not can_read(member, extract):
        raise MoveRefused(_("Open the extract first: your receipt is recorded."))


def extract_due(at: datetime, *, levels: ServiceLevels) -> date:
    """The last day on which feedback is in time: by the same levels as the signal itself, so that
    nobody is told two different days.
    """
    return timezone.localdate(at) + levels.feedback


def unopened_before(at: datetime) -> datetime:
    """What was sent before this moment should have been opened by now."""
    day, left = timezone.localdate(at), OPEN_WITHIN
    while left:
        left -= is_working_day(day)
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
