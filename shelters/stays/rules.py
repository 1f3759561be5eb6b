"""Who may make which move of a stay, and what must be said: each refusal in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters.models import ShelterTerm
from shelters.stays.models import DESTINATIONS, BlockerKind, Funding, LongerBecause, Stay
from shelters.stays.workflow import STAY_MOVES, Side, StayStatus

#: An extension is asked anew after that.
LONGEST_EXTENSION = timedelta(days=183)
LONGEST_NOTE = 4000


class StayRefused(Refused):
    """The move is not in the table, not theirs to make, or something was not said."""

    def __init__(self, words: str = "", **reasons: str) -> None:
        super().__init__(words or " ".join(reasons.values()))
        self.reasons: Mapping[str, str] = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """Until when a stay must last, why, and who pays."""

    stay: Stay
    until: date
    reason: str
    funding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outflow:
    """When the person leaves, where to, and what still stands in the way."""

    stay: Stay
    leave_on: date
    destination: str
    blockers: list[str]


def can_move_stay(by: Membership, stay: Stay, to: StayStatus) -> bool:
    sides = set()
    if by.may(Permission.PLACEMENT_RESERVE):
        sides.add(Side.DESK)
    if by.may(Permission.PLACEMENT_ANSWER) and stay.house_id == by.organisation_id:
        sides.add(Side.SHELTER)
    return bool(sides & set(STAY_MOVES[StayStatus(stay.status)].get(to, ())))


def check_move_stay(by: Membership, stay: Stay, to: StayStatus) -> None:
    if not can_move_stay(by, stay, to):
        raise StayRefused(
            _("This stay is “%(status)s” now; that can no longer be done.")
            % {"status": stay.get_status_display()}
        )


def check_longer(longer: Longer) -> None:
    stay = longer.stay
    if longer.reason not in LongerBecause.values or longer.funding not in Funding.values:
        raise StayRefused(_("Say why the stay must last longer, and who pays."))
    if longer.until <= stay.agreed_until:
        raise StayRefused(until=_("The stay is agreed until that day already. Choose a later one."))
    if longer.until > stay.agreed_until + LONGEST_EXTENSION:
        raise StayRefused(until=_("Ask for half a year at most; after that you can ask again."))


def check_outflow(outflow: Outflow, *, today: date) -> None:
    if outflow.destination not in [str(one) for one in DESTINATIONS]:
        raise StayRefused(_("Say where the person goes."))
    if not set(outflow.blockers) <= set(BlockerKind.values):
        raise StayRefused(_("Choose one of the answers."))
    if not today <= outflow.leave_on <= today + timedelta(days=366):
        raise StayRefused(leave_on=_("Choose a day from today, and within a year."))


def check_note_of_stay(words: str) -> str:
    words = words.strip()
    if not words:
        raise StayRefused(_("Write down the note first."))
    if len(words) > LONGEST_NOTE:
        raise StayRefused(_("The note is too long."))
    return words


def nothing_asked() -> StayRefused:
    return StayRefused(_("No longer stay is asked for."))


def check_planned(stay: Stay) -> None:
    """Dropping a planned departure and declining a longer stay lead to one status, by two deeds."""
    if stay.status != StayStatus.OUTFLOW_PLANNED:
        raise StayRefused(_("No departure is planned."))


def check_writes_note(by: Membership, stay: Stay) -> None:
    if stay.house_id != by.organisation_id or stay.status == StayStatus.OVER:
        raise StayRefused(_("Notes are written by the shelter, while the person is there."))


@dataclass(frozen=True, slots=True)
class StayLine:
    """A stay in the weekly list, with what asks for attention."""

    stay: Stay
    bed: str
    day: int
    long: bool
    ends_soon: bool
    past: bool
    blockers: list[str]


def line_of(
    stay: Stay, *, bed: str, blockers: list[str], terms: ShelterTerm, at: datetime
) -> StayLine:
    today = timezone.localdate(at)
    return StayLine(
        stay=stay,
        bed=bed,
        day=(at - stay.arrived_at).days,
        long=at - stay.arrived_at >= timedelta(days=terms.long_days),
        ends_soon=today <= stay.agreed_until <= today + timedelta(days=terms.near_days),
        past=stay.agreed_until < today,
        blockers=blockers,
    )
