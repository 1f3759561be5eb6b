"""Who may make which move of a change of beds: each refusal in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters.matching.rules import Match
from shelters.matching.rules import Side as Reasons
from shelters.matching.rules.words import said
from shelters.models import Placement
from shelters.rules import PlacementRefused
from shelters.swaps.models import Swap, SwapSide
from shelters.swaps.workflow import SWAP_MOVES, Side, SwapStatus
from shelters.workflow import PlacementStatus

#: What the database says when the beds cannot be changed now.
TAKEN = {
    "placement_is_in_one_swap_at_a_time": gettext_lazy(
        "For one of them another change of beds is proposed already."
    ),
    "swap_side_is_of_who_stays_there": gettext_lazy("One of them has just left."),
    "who_changes_beds_was_there_before": gettext_lazy("One of them came later than that."),
    "who_changes_beds_has_no_next_place": gettext_lazy(
        "A next bed is kept for one of them. Wait for the answer of that shelter."
    ),
}


def runs_both(by: Membership, first: Placement, second: Placement) -> bool:
    """Whether both beds are of the member's own organisation."""
    houses = {first.shelter.organisation_id, second.shelter.organisation_id}
    return by.may(Permission.PLACEMENT_ANSWER) and houses == {by.organisation_id}


def can_propose(by: Membership, placement: Placement) -> bool:
    runs_it = placement.shelter.organisation_id == by.organisation_id
    own = by.may(Permission.PLACEMENT_ANSWER) and runs_it
    return placement.status == PlacementStatus.ARRIVED and (
        own or by.may(Permission.PLACEMENT_RESERVE)
    )


def check_propose(by: Membership, first: Placement, second: Placement) -> None:
    if not by.may(Permission.PLACEMENT_RESERVE) and not runs_both(by, first, second):
        raise PlacementRefused(_("Between two shelters the placement desk proposes it."))
    if first.pk == second.pk or first.person_id == second.person_id:
        raise PlacementRefused(_("Choose somebody else to change beds with."))
    if {first.status, second.status} != {PlacementStatus.ARRIVED}:
        raise PlacementRefused(_("Only who stays in a shelter now can change beds."))


def check_belong(weighed: Iterable[tuple[Placement, Match]]) -> None:
    """What no reason overrides for a place is not got round by a change of beds either."""
    for comes, match in weighed:
        if match.hard:
            raise PlacementRefused(
                _("%(who)s cannot come to %(house)s: %(why)s.")
                % {
                    "who": comes.request.reference,
                    "house": match.place.name,
                    "why": ", ".join(said(reason).words for reason in match.of(Reasons.HARD)),
                }
            )


def can_move_swap(by: Membership, swap: Swap, sides: Collection[SwapSide], to: SwapStatus) -> bool:
    """`sides` are those that the member sees."""
    own = [side for side in sides if side.house_id == by.organisation_id]
    movers = set()
    if by.may(Permission.PLACEMENT_RESERVE):
        movers.add(Side.DESK)
    if by.may(Permission.PLACEMENT_ANSWER) and own:
        movers.add(Side.SHELTER)
    if to == SwapStatus.AGREED and all(side.answered_at for side in own):
        return False
    return bool(movers & set(SWAP_MOVES[SwapStatus(swap.status)].get(to, ())))


def check_move_swap(
    by: Membership, swap: Swap, sides: Collection[SwapSide], to: SwapStatus
) -> None:
    if not can_move_swap(by, swap, sides, to):
        own = any(side.house_id == by.organisation_id for side in sides)
        if own and (to, swap.status) == (SwapStatus.AGREED, SwapStatus.PROPOSED):
            raise PlacementRefused(
                _("Your shelter has accepted already. The other one must answer first.")
            )
        raise PlacementRefused(
            _("This change of beds is “%(status)s” now; that can no longer be done.")
            % {"status": swap.get_status_display()}
        )
